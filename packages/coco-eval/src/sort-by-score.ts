import { gather, rowNumbers } from "./gather";

/**
 * Rows in descending order of `scores[row]`, equal scores in the order given: numpy's `argsort(-scores, kind="mergesort")`.
 * A radix sort over the bits of the doubles, 16 at a time; digits that all scores share cost nothing.
 */
export function sortByScore(rows: Int32Array, scores: Float64Array): Int32Array {
  const count = rows.length;
  const bits = new Float64Array(count);
  for (let i = 0; i < count; i++) bits[i] = scores[rows[i]!]! + 0; // -0 becomes 0: they are equal
  const digits = new Uint16Array(bits.buffer);
  makeDescending(digits);
  const littleEndian = new Uint8Array(new Uint16Array([1]).buffer)[0] === 1;
  let order = rowNumbers(count);
  for (let significance = 0; significance < 4; significance++) {
    order = sortByDigit(order, digits, littleEndian ? significance : 3 - significance);
  }
  return gather(rows, order);
}

/** Turns the bits of doubles into unsigned integers whose ascending order is the doubles' descending one. */
function makeDescending(digits: Uint16Array): void {
  const littleEndian = new Uint8Array(new Uint16Array([1]).buffer)[0] === 1;
  const signAt = littleEndian ? 3 : 0;
  for (let i = 0; i < digits.length; i += 4) {
    if (digits[i + signAt]! >= 0x8000) continue; // negative: magnitude ascending is value descending, after the positive ones
    for (let part = 0; part < 4; part++) digits[i + part] = ~digits[i + part]!;
    digits[i + signAt]! &= 0x7fff;
  }
}

function sortByDigit(order: Int32Array, digits: Uint16Array, part: number): Int32Array {
  const starts = new Int32Array(65537);
  for (let i = part; i < digits.length; i += 4) starts[digits[i]! + 1]!++;
  if (order.length > 0 && starts[digits[part]! + 1] === order.length) return order;
  for (let digit = 0; digit < 65536; digit++) starts[digit + 1]! += starts[digit]!;
  const sorted = new Int32Array(order.length);
  for (let i = 0; i < order.length; i++) {
    const row = order[i]!;
    sorted[starts[digits[4 * row + part]!]!++] = row;
  }
  return sorted;
}
