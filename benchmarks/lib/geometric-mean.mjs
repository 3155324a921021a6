/** The mean of ratios: what a factor of 2 and one of 1/2 have in common is 1. NaN of none. */
export function geometricMean(ratios) {
  return Math.exp(ratios.reduce((sum, ratio) => sum + Math.log(ratio), 0) / ratios.length);
}
