import { type NdArray, ndArray } from "@lad/core";
import { bestBoxes } from "@lad/nms";
import type { GoldenCase } from "./golden-case";

/**
 * Boxes `[N, 4]` and class probabilities `[N, C]` of one image of a GFL head's maps, fine to coarse: the best `nms_pre` cells of a level,
 * sides as the expectation of their distributions in strides, clipped to the image, divided by `scale` if there is one.
 */
export function gflCandidates(
  golden: GoldenCase,
  image: number,
  scale?: readonly number[],
): { boxes: NdArray; scores: NdArray } {
  const { strides, num_classes: classes, test_cfg, img_shapes } = golden.config;
  const boxes: number[] = [];
  const probabilities: number[] = [];
  for (const [level, stride] of (strides as number[]).entries()) {
    const scores = cellsOf(golden.take(`in.cls_score.${level}`) as NdArray, image, sigmoid);
    const distributions = cellsOf(golden.take(`in.bbox_pred.${level}`) as NdArray, image, (value) => value);
    for (const cell of bestBoxes({ data: scores.values, shape: [scores.cells, classes] }, test_cfg.nms_pre)) {
      probabilities.push(...scores.values.subarray(cell * classes, (cell + 1) * classes));
      const sides = [0, 1, 2, 3].map((side) =>
        expectation(distributions.values, (cell * 4 + side) * (distributions.channels / 4), distributions.channels / 4),
      );
      const center = [(cell % scores.width) * stride, Math.floor(cell / scores.width) * stride];
      for (let side = 0; side < 4; side++) {
        const place = center[side & 1]! + (side < 2 ? -1 : 1) * sides[side]! * stride;
        const clipped = Math.min(Math.max(place, 0), img_shapes[image][1 - (side & 1)]);
        boxes.push(scale ? Math.fround(clipped) / Math.fround(scale[side]!) : clipped);
      }
    }
  }
  return {
    boxes: ndArray(Float32Array.from(boxes), [boxes.length / 4, 4]),
    scores: ndArray(Float32Array.from(probabilities), [probabilities.length / classes, classes]),
  };
}

/** A map `[B, C, H, W]` as cells of `channels` values. */
function cellsOf({ data, shape }: NdArray, image: number, of: (value: number) => number) {
  const [, channels, height, width] = shape as [number, number, number, number];
  const cells = height * width;
  const start = image * channels * cells;
  const values = new Float32Array(channels * cells);
  for (let at = 0; at < values.length; at++)
    values[(at % cells) * channels + Math.floor(at / cells)] = of(data[start + at]!);
  return { values, cells, channels, width };
}

/** Mean bin of softmax(logits). */
function expectation(logits: Float32Array, start: number, bins: number): number {
  const slice = logits.subarray(start, start + bins);
  const top = Math.max(...slice);
  const weights = Array.from(slice, (logit) => Math.exp(logit - top));
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  return weights.reduce((sum, weight, bin) => sum + weight * bin, 0) / total;
}

function sigmoid(logit: number): number {
  return 1 / (1 + Math.exp(-logit));
}
