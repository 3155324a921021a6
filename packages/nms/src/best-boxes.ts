import type { NdArray } from "@lad/core";
import { checkRange } from "./check-input";
import { orderByScore } from "./order-by-score";

/**
 * The boxes with the best class scores, best first; equal ones by lower index. All of them, in their own order, if there are no more than `count`.
 * @param scores [N, C]
 * @returns their rows
 * @throws {LadError} INVALID_ARGUMENT.
 * Follows the `nms_pre` of mmdet's dense heads, which take it level by level.
 */
export function bestBoxes({ data, shape }: NdArray, count: number): Int32Array {
  checkRange("bestBoxes", "count", count, 0);
  const [rows, classes] = shape as [number, number];
  const best = new Float32Array(rows).fill(Number.NEGATIVE_INFINITY);
  for (let at = 0; at < data.length; at++) {
    const row = Math.floor(at / classes);
    if (data[at]! > best[row]!) best[row] = data[at]!;
  }
  return rows > count ? orderByScore(best).slice(0, count) : Int32Array.from(best.keys());
}
