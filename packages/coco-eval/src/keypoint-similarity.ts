import { LadError } from "@lad/core";
import type { Similarity } from "./box-similarity";
import type { CocoAnnotations, CocoDetections } from "./coco-types";
import { pairwiseSum } from "./pairwise-sum";

/**
 * Object keypoint similarity as pycocotools computes it: the mean over the labelled keypoints of
 * exp(-d^2 / (2 · area · (2 sigma)^2)). Of an object without labelled keypoints, d is the distance to its box doubled around
 * its middle, over all keypoints. `keypoints` `[N * K * 3]` with K sigmas.
 * @throws {LadError} when it is asked for rows without that many keypoints, or annotations without box.
 */
export function keypointSimilarity(
  { keypoints: detected, scores }: Pick<CocoDetections, "scores"> & { readonly keypoints: Float64Array },
  { keypoints = new Float64Array(0), boxes, areas, ids }: CocoAnnotations,
  sigmas: Float64Array,
): Similarity {
  const length = 3 * sigmas.length;
  const spreads = sigmas.map((sigma) => 2 * sigma * (2 * sigma));
  const terms = new Float64Array(sigmas.length);
  const check = (values: Float64Array, rows: number, row: number, name: () => string) => {
    const fine = values.length === rows * length && !Number.isNaN(values[row * length]);
    if (!fine) throw unusable(name(), sigmas.length);
  };
  return (detectionRows, annotationRows, out) => {
    for (let j = 0; j < annotationRows.length; j++) {
      const g = annotationRows[j]!;
      if (detectionRows.length > 0) check(keypoints, ids.length, g, () => `annotation id ${ids[g]}`);
      const bounds = labelledCount(keypoints, g * length, length) > 0 ? undefined : doubledBox(boxes, g, ids[g]!);
      const area = areas[g]! + 2 ** -52;
      for (let i = 0; i < detectionRows.length; i++) {
        const d = detectionRows[i]!;
        check(detected, scores.length, d, () => `detection ${d}`);
        let count = 0;
        for (let k = 0; k < sigmas.length; k++) {
          const [at, gt] = [d * length + 3 * k, g * length + 3 * k];
          if (!bounds && !(keypoints[gt + 2]! > 0)) continue;
          const dx = bounds ? outside(detected[at]!, bounds[0], bounds[2]) : detected[at]! - keypoints[gt]!;
          const dy = bounds ? outside(detected[at + 1]!, bounds[1], bounds[3]) : detected[at + 1]! - keypoints[gt + 1]!;
          terms[count++] = Math.exp(-((dx * dx + dy * dy) / spreads[k]! / area / 2));
        }
        out[i * annotationRows.length + j] = pairwiseSum(terms, 0, count) / count;
      }
    }
  };
}

/** Keypoints with a visibility above 0 among `length` numbers. */
export function labelledCount(keypoints: Float64Array, start: number, length: number): number {
  let count = 0;
  for (let i = start + 2; i < start + length; i += 3) count += Number(keypoints[i]! > 0);
  return count;
}

/** x and y of the first corner, x and y of the last. */
function doubledBox(boxes: Float64Array, row: number, id: number): readonly [number, number, number, number] {
  const [x, y, width, height] = boxes.subarray(4 * row, 4 * row + 4) as unknown as [number, number, number, number];
  if (Number.isFinite(x + y + width + height)) return [x - width, y - height, x + width * 2, y + height * 2];
  const why = "it has no labelled keypoints, so the box stands for them (pycocotools fails with KeyError 'bbox')";
  throw new LadError("INVALID_DATA", `evaluateCoco: annotation id ${id} needs a "bbox": ${why}`);
}

/** How far a coordinate lies outside a range. */
function outside(value: number, low: number, high: number): number {
  return Math.max(0, low - value) + Math.max(0, value - high);
}

function unusable(name: string, sigmas: number): LadError {
  const hint = "pass keypointSigmas for objects other than COCO's person";
  const wanted = `"keypoints" of 3 x ${sigmas} finite numbers, as many as there are sigmas`;
  return new LadError("INVALID_DATA", `evaluateCoco: ${name} needs ${wanted}; ${hint}`);
}
