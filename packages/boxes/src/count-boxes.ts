import { LadError, type NdArray } from "@lad/core";

/**
 * Number of boxes in a `[N, 4]` array.
 * @param where name of the calling function, for the message.
 * @throws {LadError} SHAPE_MISMATCH if `boxes` is not `[N, 4]`.
 */
export function countBoxes(boxes: NdArray, where: string, name = "boxes"): number {
  const [count, side] = boxes.shape;
  if (boxes.shape.length !== 2 || count === undefined || side !== 4 || boxes.data.length !== count * 4) {
    throw new LadError(
      "SHAPE_MISMATCH",
      `${where}: ${name} must be [N, 4], got [${boxes.shape}] with data of ${boxes.data.length}`,
    );
  }
  return count;
}

/**
 * Number of rows of two row-aligned `[N, 4]` arrays.
 * @throws {LadError} SHAPE_MISMATCH if they differ in rows or are not `[N, 4]`.
 */
export function countAligned(a: NdArray, b: NdArray, where: string, names: readonly [string, string]): number {
  const count = countBoxes(a, where, names[0]);
  if (countBoxes(b, where, names[1]) !== count) {
    throw new LadError(
      "SHAPE_MISMATCH",
      `${where}: ${names[0]} [${a.shape}] and ${names[1]} [${b.shape}] must have the same number of rows`,
    );
  }
  return count;
}
