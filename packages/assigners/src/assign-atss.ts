import type { Assignment, NdArray } from "@lad/core";
import { BACKGROUND, IGNORED } from "./assign-max-iou";
import { type AtssImageInput, type AtssOptions, atssCandidates, centre } from "./atss-candidates";
import { checkAnchors, checkBatch, type GroundTruths } from "./check-batch";
import { matchedAssignment } from "./matched-assignment";

export type AssignAtssOptions = AtssOptions & {
  /** Number of classes; also the background label. */
  readonly classes: number;
};

/** What the decision of one image was made by. */
export type AtssMatches = {
  /** [G] IoU from which a candidate of each ground truth is positive. */
  readonly thresholds: Float32Array;
  /** [A] IoU of a positive with its ground truth, 0 elsewhere. */
  readonly overlaps: Float32Array;
};

export type AtssAssignment = Assignment & { readonly images: readonly AtssMatches[] };

const { fround, min } = Math;
/** Least distance of a positive's centre from its ground truth's sides, px. */
const inside = fround(0.01);

/**
 * Adaptive training sample selection (arXiv 1912.02424): a candidate of a ground truth is positive if its IoU reaches the candidates' mean +
 * standard deviation and its centre lies inside. Claimed by several, it goes to the one of highest IoU (ties: the first). No ground truth is
 * promised a positive; without any, all valid anchors are background.
 * @param anchors [A, 4] xyxy px, all levels. @param levelSizes anchors of each level. @param valid per image a byte an anchor.
 * @throws {LadError} SHAPE_MISMATCH, INVALID_ARGUMENT.
 * Follows mmdet 2.10 `ATSSAssigner`.
 */
export function assignAtss(
  anchors: NdArray,
  levelSizes: readonly number[],
  batch: GroundTruths,
  valid: readonly Uint8Array[],
  { classes, ...options }: AssignAtssOptions,
): AtssAssignment {
  checkAnchors(anchors, levelSizes, "assignAtss");
  checkBatch(batch, classes, "assignAtss", valid);
  const images = batch.boxes.map((boxes, image) =>
    matchImage({ anchors, levelSizes, boxes, ignoreBoxes: batch.ignoreBoxes[image], valid: valid[image]! }, options),
  );
  const matched = images.map((image) => image.matched);
  return { ...matchedAssignment(matched, batch, classes), images };
}

function matchImage(input: AtssImageInput, options: AtssOptions): AtssMatches & { readonly matched: Int32Array } {
  const { anchors, boxes, valid } = input;
  const { candidates, thresholds, ignored } = atssCandidates(input, options);
  const matched = Int32Array.from(valid, (flag) => (flag ? BACKGROUND : IGNORED));
  const overlaps = new Float32Array(matched.length);
  if (candidates.length > 0 && ignored)
    for (const [anchor, flag] of ignored.entries()) if (flag) matched[anchor] = IGNORED;
  candidates.forEach(({ anchors: chosen, overlaps: iou }, gt) => {
    chosen.forEach((anchor, at) => {
      if (!(iou[at]! >= thresholds[gt]!) || !centreInside(anchors.data, anchor * 4, boxes.data, gt * 4)) return;
      if (matched[anchor]! >= 0 && iou[at]! <= overlaps[anchor]!) return;
      matched[anchor] = gt;
      overlaps[anchor] = iou[at]!;
    });
  });
  return { matched, thresholds, overlaps };
}

function centreInside(a: Float32Array, i: number, b: Float32Array, j: number): boolean {
  const [x, y] = [centre(a[i]!, a[i + 2]!), centre(a[i + 1]!, a[i + 3]!)];
  return fround(min(x - b[j]!, y - b[j + 1]!, b[j + 2]! - x, b[j + 3]! - y)) > inside;
}
