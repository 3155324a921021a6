/** Ascending, each number once. */
export function sortedUnique(values: ArrayLike<number>): Float64Array {
  const sorted = Float64Array.from(values).sort();
  return sorted.filter((value, i) => i === 0 || value !== sorted[i - 1]);
}
