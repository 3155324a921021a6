import { type Detections, type ImageSizes, type NdArray, ndArray, type TypedArray } from "@lad/core";
import {
  classwiseNms,
  clusterDiouNms,
  clusterDiouVoting,
  gatherDetections,
  multiclassNms,
  scoreVoting,
} from "@lad/nms";
import { borrowAll, type DetectOptions } from "@lad/tensor";
import { bestAnchors, type ScoreRule } from "./best-anchors";
import type { BoxCoding } from "./box-coding";
import type { GridAnchors } from "./dense-grid";
import type { DenseOut } from "./dense-out";

export type DenseDetectionOptions = Required<DetectOptions> & {
  readonly grid: GridAnchors;
  readonly sizes: readonly ImageSizes[];
  /** What `classes` are. */
  readonly form: "logits" | "probabilities";
  readonly coding: BoxCoding;
  readonly scoreRule?: ScoreRule;
  /** What `voting: true` means. */
  readonly ownVoting?: "score" | "clusterDiou";
  /** Detections of labels from this on are dropped, after the best `perImage` were chosen; default: none. */
  readonly classes?: number;
};

/**
 * Detections of a dense detector, image by image, on the host: the best `perLevel` anchors of every level by their best class score, boxes
 * decoded and clipped to the image, rescaled, class-wise suppression above `scoreThreshold`, then voting. Follows mmdet 2.10's heads.
 */
export async function denseDetections(out: DenseOut, options: DenseDetectionOptions): Promise<Detections[]> {
  const { grid, coding, sizes: allSizes, form, perLevel, scoreRule = "root" } = options;
  const classes = out.classes.shape[2];
  const count = grid.anchors.shape[0]!;
  return borrowAll(
    [out.classes, out.boxes, ...(out.quality ? [out.quality] : [])],
    ([classOutputs, boxOutputs, quality]) =>
      allSizes.map((sizes, image) => {
        const of = (values: TypedArray, channels: number) =>
          values.subarray(image * count * channels, (image + 1) * count * channels);
        const { rows, scores } = bestAnchors({
          outputs: of(classOutputs!, classes),
          form,
          ...(quality && { quality: of(quality, 1) }),
          scoreRule,
          classes,
          levelSizes: grid.levelSizes,
          perLevel,
        });
        const chosen = rowsOf(of(boxOutputs!, coding.numbers), rows, coding.numbers);
        const boxes = coding.decodeHost(chosen, rows, grid, sizes.image);
        const found = suppressed(options.rescale ? toOriginal(boxes, sizes) : boxes, scores, options);
        return ofClasses(found, options.classes ?? classes);
      }),
  );
}

function suppressed(boxes: NdArray, scores: NdArray, options: DenseDetectionOptions): Detections {
  const { scoreThreshold, iouThreshold, perImage, voting, ownVoting = "score" } = options;
  const kind = voting === true ? ownVoting : voting;
  const suppress = kind === "clusterDiou" ? clusterDiouNms : classwiseNms;
  const found = multiclassNms(boxes, scores, { scoreThreshold, iouThreshold, perImage, suppress });
  if (!kind) return found.detections;
  return (kind === "score" ? scoreVoting : clusterDiouVoting)(found.kept, found.candidates);
}

/** Detections of real classes. */
function ofClasses(found: Detections, classes: number): Detections {
  const kept = Int32Array.from(found.labels.keys()).filter((row) => found.labels[row]! < classes);
  return kept.length === found.labels.length ? found : gatherDetections(found, kept);
}

function rowsOf(values: TypedArray, rows: Int32Array, width: number): NdArray {
  const picked = new Float32Array(rows.length * width);
  rows.forEach((row, index) => {
    picked.set(values.subarray(row * width, (row + 1) * width), index * width);
  });
  return ndArray(picked, [rows.length, width]);
}

/** Divides boxes by the image's scale, in float32 as the reference. */
function toOriginal({ data, shape }: NdArray, { scale }: ImageSizes): NdArray {
  const [x, y] = [Math.fround(scale[0]), Math.fround(scale[1])];
  return { data: data.map((value, index) => value / (index & 1 ? y : x)), shape };
}
