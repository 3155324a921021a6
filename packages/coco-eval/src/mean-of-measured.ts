/**
 * Mean of the values above -1, or -1 if there is none: numpy's `mean(s[s > -1])`, with its pairwise order of summation, so
 * that the last bit agrees too. `values` is overwritten.
 */
export function meanOfMeasured(values: Float64Array): number {
  let count = 0;
  for (let i = 0; i < values.length; i++) if (values[i]! > -1) values[count++] = values[i]!;
  return count === 0 ? -1 : pairwiseSum(values, 0, count) / count;
}

/** Blocks of at most 128 in eight interleaved sums; longer ranges by halves. */
function pairwiseSum(values: Float64Array, start: number, count: number): number {
  if (count > 128) {
    const half = (count >> 1) - ((count >> 1) % 8);
    return pairwiseSum(values, start, half) + pairwiseSum(values, start + half, count - half);
  }
  const end = start + count;
  const blocksEnd = end - (count % 8);
  let sum = 0;
  if (count >= 8) {
    const sums = values.slice(start, start + 8);
    for (let i = start + 8; i < blocksEnd; i += 8)
      for (let lane = 0; lane < 8; lane++) sums[lane]! += values[i + lane]!;
    sum = sums[0]! + sums[1]! + (sums[2]! + sums[3]!) + (sums[4]! + sums[5]! + (sums[6]! + sums[7]!));
  }
  for (let i = blocksEnd; i < end; i++) sum += values[i]!;
  return sum;
}
