import { diouOverFirstAt, iouAt } from "@lad/boxes";
import type { NdArray } from "@lad/core";
import { type AtssOptions, atssCandidates, iouFloor } from "./atss-candidates";
import { checkAnchors, type GroundTruths } from "./check-batch";

export type ValuableRegionOptions = AtssOptions & {
  /** Lower end of the band, as a share of the ground truth's ATSS threshold. */
  readonly band?: number;
};

/**
 * The valuable localization region (VLR, arXiv 2204.05957 §3.3): anchors that lie near a ground truth without being ATSS candidates good enough.
 * An anchor is in a ground truth's band if band · t <= d < t, t the ATSS threshold and d = intersection / ANCHOR area - squared distance of the
 * centres / squared diagonal of the hull: what the authors' code measures where its paper says DIoU. Positives and ignored anchors may be in it.
 * @param anchors [A, 4] xyxy px, all levels. @param levelSizes anchors of each level. @param valid per image a byte an anchor.
 * @returns per image [A]: best IoU with a ground truth in whose band the anchor is, 0 elsewhere; all 0 without ground truths.
 * @throws {LadError} SHAPE_MISMATCH.
 */
export function valuableRegion(
  anchors: NdArray,
  levelSizes: readonly number[],
  { boxes, ignoreBoxes }: Pick<GroundTruths, "boxes" | "ignoreBoxes">,
  valid: readonly Uint8Array[],
  { band = 0.25, ...options }: ValuableRegionOptions = {},
): Float32Array[] {
  const count = checkAnchors(anchors, levelSizes, "valuableRegion");
  return boxes.map((gts, image) => {
    const input = { anchors, levelSizes, boxes: gts, ignoreBoxes: ignoreBoxes[image], valid: valid[image]! };
    const weights = new Float32Array(count);
    atssCandidates(input, options).thresholds.forEach((high, gt) => {
      const low = Math.fround(high * Math.fround(band));
      for (let anchor = 0; anchor < count; anchor++) {
        if (!input.valid[anchor]) continue;
        const d = diouOverFirstAt(anchors.data, anchor * 4, gts.data, gt * 4, iouFloor);
        if (!(d >= low && d < high)) continue;
        weights[anchor] = Math.max(weights[anchor]!, iouAt(anchors.data, anchor * 4, gts.data, gt * 4, iouFloor));
      }
    });
    return weights;
  });
}
