import { areaAt, countBoxes, intersectionAt } from "@lad/boxes";
import type { NdArray } from "@lad/core";

const { fround, max } = Math;
const eps = fround(1e-6);

/**
 * A byte an anchor: is (intersection / anchor area) with one of the ignore boxes greater than the threshold? undefined = none can be.
 * @param anchors [A, 4] xyxy, px. @param ignoreBoxes [K, 4] xyxy, px. @param threshold not positive: ignore boxes have no effect.
 * @throws {LadError} SHAPE_MISMATCH, naming `where`.
 */
export function ignoredAnchors(
  anchors: NdArray,
  ignoreBoxes: NdArray | undefined,
  threshold: number,
  where: string,
): Uint8Array | undefined {
  const boxes = ignoreBoxes ? countBoxes(ignoreBoxes, where, "ignoreBoxes") : 0;
  if (!ignoreBoxes || boxes === 0 || !(threshold > 0)) return undefined;
  const limit = fround(threshold);
  const ignored = new Uint8Array(anchors.data.length / 4);
  for (let anchor = 0; anchor < ignored.length; anchor++) {
    const area = max(areaAt(anchors.data, anchor * 4), eps);
    for (let box = 0; box < boxes && !ignored[anchor]; box++) {
      if (fround(intersectionAt(anchors.data, anchor * 4, ignoreBoxes.data, box * 4) / area) > limit)
        ignored[anchor] = 1;
    }
  }
  return ignored;
}
