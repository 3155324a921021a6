/** 0.5, 0.55, … 0.95 as repeated addition gives them (0.6000000000000001, …): what the LD repository evaluates at. */
export function vocThresholds(): Float64Array {
  const thresholds = new Float64Array(10);
  for (let t = 0, threshold = 0.5; t < 10; t++, threshold += 0.05) thresholds[t] = threshold;
  return thresholds;
}
