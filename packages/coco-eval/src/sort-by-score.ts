/** The bits of a double in digits of 11, the least significant first. */
const digitBits = 11;
const digits = 6;
const buckets = 2 ** digitBits;

/** Rows with the bits of unsigned 64-bit integers whose ascending order is that of the scores descending. */
type Keyed = { readonly rows: Int32Array; readonly low: Uint32Array; readonly high: Uint32Array };

/**
 * Rows in descending order of `scores[row]`, equal scores in the order given: numpy's `argsort(-scores, kind="mergesort")`.
 * A radix sort over the bits of the doubles; digits that all scores share cost nothing.
 */
export function sortByScore(rows: Int32Array, scores: Float64Array): Int32Array {
  let from = descendingKeys(rows.slice(), scores);
  const counts = countDigits(from);
  let to: Keyed = {
    rows: new Int32Array(rows.length),
    low: new Uint32Array(rows.length),
    high: new Uint32Array(rows.length),
  };
  for (let digit = 0; digit < digits; digit++) {
    const starts = counts.subarray(digit * buckets, (digit + 1) * buckets);
    if (starts[digitOf(from.low[0]!, from.high[0]!, digit)] === rows.length) continue;
    sumBefore(starts);
    moveByDigit(from, to, starts, digit);
    [from, to] = [to, from];
  }
  return from.rows;
}

function descendingKeys(rows: Int32Array, scores: Float64Array): Keyed {
  const count = rows.length;
  const keyed = { rows, low: new Uint32Array(count), high: new Uint32Array(count) };
  const score = new Float64Array(1);
  const halves = new Uint32Array(score.buffer);
  const isLittleEndian = new Uint8Array(new Uint16Array([1]).buffer)[0] === 1;
  const [lowAt, highAt] = isLittleEndian ? [0, 1] : [1, 0];
  for (let i = 0; i < count; i++) {
    score[0] = scores[rows[i]!]! + 0; // -0 becomes 0: they are equal
    const low = halves[lowAt]!;
    const high = halves[highAt]!;
    const isNegative = high >= 2 ** 31; // the larger its magnitude the later; after all that are positive
    keyed.low[i] = isNegative ? low : ~low;
    keyed.high[i] = isNegative ? high : ~high & 0x7fffffff;
  }
  return keyed;
}

function digitOf(low: number, high: number, digit: number): number {
  if (digit < 2) return (low >>> (digit * digitBits)) & (buckets - 1);
  return digit === 2 ? (low >>> 22) | ((high & 1) << 10) : (high >>> (1 + (digit - 3) * digitBits)) & (buckets - 1);
}

/** How often each value of each digit occurs. `[digits, buckets]` */
function countDigits({ low, high }: Keyed): Int32Array {
  const counts = new Int32Array(digits * buckets);
  for (let i = 0; i < low.length; i++) {
    for (let digit = 0; digit < digits; digit++) counts[digit * buckets + digitOf(low[i]!, high[i]!, digit)]!++;
  }
  return counts;
}

/** Replaces each count by the sum of those before it: where the rows with that digit begin. */
function sumBefore(counts: Int32Array): void {
  let sum = 0;
  for (let i = 0; i < counts.length; i++) {
    const count = counts[i]!;
    counts[i] = sum;
    sum += count;
  }
}

function moveByDigit(from: Keyed, to: Keyed, starts: Int32Array, digit: number): void {
  for (let i = 0; i < from.rows.length; i++) {
    const low = from.low[i]!;
    const high = from.high[i]!;
    const at = starts[digitOf(low, high, digit)]!++;
    to.rows[at] = from.rows[i]!;
    to.low[at] = low;
    to.high[at] = high;
  }
}
