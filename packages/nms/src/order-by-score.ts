/** 2^21 indices beside 32 bits of score fill the 53 exact bits of a double. */
const indexRange = 2 ** 21;

/**
 * Indices of `scores` from highest to lowest; equal scores keep their order, NaN comes first.
 * Up to 2^21 scores are sorted natively: score bits and index in one double, several times faster than with a comparator.
 */
export function orderByScore(scores: Float32Array): Int32Array {
  const count = scores.length;
  const keys = new Float64Array(count);
  if (count > indexRange) return orderByComparison(scores);
  const bits = new Uint32Array(Float32Array.from(scores, (score) => score + 0).buffer); // -0 + 0 = 0: one zero
  for (let index = 0; index < count; index++) {
    const value = bits[index]!;
    const descending = value >>> 31 ? value : ~value & 0x7fffffff; // ascending keys = descending scores
    keys[index] = descending * indexRange + index;
  }
  keys.sort();
  const order = new Int32Array(count);
  for (let rank = 0; rank < count; rank++) order[rank] = keys[rank]! % indexRange;
  return order;
}

function orderByComparison(scores: Float32Array): Int32Array {
  const rank = (score: number) => (Number.isNaN(score) ? Number.POSITIVE_INFINITY : score);
  return Int32Array.from(scores.keys()).sort((a, b) => rank(scores[b]!) - rank(scores[a]!) || a - b);
}
