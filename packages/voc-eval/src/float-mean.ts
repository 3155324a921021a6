const { fround } = Math;

/** Mean of a vector in float32, summed in numpy's order (eight running sums up to 128 values, halves beyond). 0 of none. */
export function floatMean(values: Float32Array): number {
  return values.length === 0 ? 0 : fround(pairwiseSum(values, 0, values.length) / values.length);
}

function pairwiseSum(values: Float32Array, start: number, count: number): number {
  if (count < 8) {
    let sum = 0;
    for (let i = 0; i < count; i++) sum = fround(sum + values[start + i]!);
    return sum;
  }
  if (count > 128) {
    const half = (count >> 1) - ((count >> 1) % 8);
    return fround(pairwiseSum(values, start, half) + pairwiseSum(values, start + half, count - half));
  }
  const sums = values.slice(start, start + 8);
  let i = 8;
  for (; i + 8 <= count; i += 8) for (let lane = 0; lane < 8; lane++) sums[lane]! += values[start + i + lane]!;
  const pair = (a: number) => fround(sums[a]! + sums[a + 1]!);
  let sum = fround(fround(pair(0) + pair(2)) + fround(pair(4) + pair(6)));
  for (; i < count; i++) sum = fround(sum + values[start + i]!);
  return sum;
}
