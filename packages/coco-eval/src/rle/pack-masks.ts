import type { CocoMasks } from "../coco-types";
import { maskColumn } from "../mask-column";
import { checkSize } from "./check-size";
import type { Rle } from "./rle-types";

/**
 * Masks as `evaluateCoco` takes them, in one array. `undefined` = this row has none.
 * @throws {LadError} INVALID_ARGUMENT for a size that no mask can have.
 */
export function packMasks(rles: readonly (Rle | undefined)[]): CocoMasks {
  const column = maskColumn();
  for (const rle of rles) {
    if (rle) checkSize("packMasks", rle.size);
    if (rle) column.pushCounts(rle.counts, rle.counts.length, rle.size);
    else column.pushNone();
  }
  return column.finish();
}
