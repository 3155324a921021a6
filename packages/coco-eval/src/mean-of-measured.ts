import { pairwiseSum } from "./pairwise-sum";

/** Values that one call looks at: short calls are compiled while a long array is still being worked on. */
const block = 1024;

/**
 * Mean of the values above -1, or -1 if there is none: numpy's `mean(s[s > -1])`, with its pairwise order of summation, so
 * that the last bit agrees too. `values` is overwritten.
 */
export function meanOfMeasured(values: Float64Array): number {
  let count = 0;
  for (let start = 0; start < values.length; start += block) count = keepMeasured(values, start, count);
  return count === 0 ? -1 : pairwiseSum(values, 0, count) / count;
}

/** Moves the measured values of a block to `values[kept]` and on; returns how many there are then. */
function keepMeasured(values: Float64Array, start: number, kept: number): number {
  const end = Math.min(start + block, values.length);
  let count = kept;
  for (let i = start; i < end; i++) if (values[i]! > -1) values[count++] = values[i]!;
  return count;
}
