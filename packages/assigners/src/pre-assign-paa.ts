import type { Batch, NdArray, PreAssignedImage, PreAssignment } from "@lad/core";
import { assignMaxIou, IGNORED, type MaxIouOptions } from "./assign-max-iou";
import { checkAnchors, checkBatch } from "./check-batch";

export type PreAssignOptions = Partial<
  Pick<MaxIouOptions, "positiveIou" | "negativeIou" | "minPositiveIou" | "matchLowQuality" | "ignoreIofThreshold">
> & {
  /** Number of classes; also the background label. */
  readonly classes: number;
};

/**
 * PAA's first step: every anchor with IoU >= 0.1, and every ground truth's best anchors, become candidates.
 * @param anchors [A, 4] xyxy px, all levels. @param levelSizes anchors of each level. @param valid per image a byte an anchor.
 * @throws {LadError} SHAPE_MISMATCH, INVALID_ARGUMENT.
 * Follows mmdet 2.10 `PAAHead.get_targets`; see `assignMaxIou`.
 */
export function preAssignPaa(
  anchors: NdArray,
  levelSizes: readonly number[],
  batch: Pick<Batch<unknown>, "boxes" | "labels" | "ignoreBoxes">,
  valid: readonly Uint8Array[],
  options: PreAssignOptions,
): PreAssignment {
  const anchorsPerImage = checkAnchors(anchors, levelSizes, "preAssignPaa");
  const { classes } = options;
  checkBatch(batch, classes, "preAssignPaa", valid);
  const images = batch.boxes.map((boxes, image) =>
    preAssignImage(anchors, boxes, batch.labels[image]!, batch.ignoreBoxes[image], valid[image]!, options),
  );
  return { images, levelSizes, anchorsPerImage, classes };
}

function preAssignImage(
  anchors: NdArray,
  boxes: NdArray,
  classOf: Int32Array,
  ignoreBoxes: NdArray | undefined,
  valid: Uint8Array,
  { classes, positiveIou = 0.1, negativeIou = 0.1, minPositiveIou = 0, ...rest }: PreAssignOptions,
): PreAssignedImage {
  const ignore = ignoreBoxes ? { ignoreBoxes } : {};
  const matched = assignMaxIou(anchors, boxes, {
    ...rest,
    ...ignore,
    positiveIou,
    negativeIou,
    minPositiveIou,
    valid,
  });
  return describe(matched, boxes, classOf, classes);
}

/** Plain loops: the arrays are as long as the grid, and typed arrays' `from` and `map` cost several times more. */
function describe(matched: Int32Array, boxes: NdArray, classOf: Int32Array, classes: number): PreAssignedImage {
  const count = matched.length;
  const labels = new Int32Array(count).fill(classes);
  const labelWeights = new Float32Array(count).fill(1);
  const positives = new Int32Array(count);
  let found = 0;
  for (let anchor = 0; anchor < count; anchor++) {
    const gt = matched[anchor]!;
    if (gt === IGNORED) labelWeights[anchor] = 0;
    if (gt < 0) continue;
    labels[anchor] = classOf[gt]!;
    positives[found++] = anchor;
  }
  const candidates = positives.slice(0, found);
  const matchedGt = new Int32Array(found);
  const targets = new Float32Array(found * 4);
  for (let at = 0; at < found; at++) {
    const gt = matched[candidates[at]!]!;
    matchedGt[at] = gt;
    for (let side = 0; side < 4; side++) targets[at * 4 + side] = boxes.data[gt * 4 + side]!;
  }
  return { labels, labelWeights, candidates, matchedGt, targets };
}
