import { pairwiseSum } from "./pairwise-sum";

/**
 * Mean of the values above -1, or -1 if there is none: numpy's `mean(s[s > -1])`, with its pairwise order of summation, so
 * that the last bit agrees too. `values` is overwritten.
 */
export function meanOfMeasured(values: Float64Array): number {
  let count = 0;
  for (let i = 0; i < values.length; i++) if (values[i]! > -1) values[count++] = values[i]!;
  return count === 0 ? -1 : pairwiseSum(values, 0, count) / count;
}
