/** Sum of `count` values from `start` on in numpy's order: blocks of at most 128 in eight interleaved sums; longer ranges by halves. */
export function pairwiseSum(values: Float64Array, start: number, count: number): number {
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
