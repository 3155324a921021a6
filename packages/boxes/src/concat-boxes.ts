import { type NdArray, ndArray } from "@lad/core";
import { countBoxes } from "./count-boxes";

/**
 * Rows of several arrays, one after the other (the levels of a pyramid into one list).
 * @param parts each [N_l, 4]. @returns a new [sum N_l, 4]
 * @throws {LadError} SHAPE_MISMATCH if a part is not [N, 4].
 */
export function concatBoxes(parts: readonly NdArray[]): NdArray {
  const counts = parts.map((part) => countBoxes(part, "concatBoxes", "each part"));
  const count = counts.reduce((sum, rows) => sum + rows, 0);
  const out = new Float32Array(count * 4);
  let at = 0;
  for (const part of parts) {
    out.set(part.data, at);
    at += part.data.length;
  }
  return ndArray(out, [count, 4]);
}
