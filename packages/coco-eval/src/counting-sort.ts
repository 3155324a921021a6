/** Rows in bucket order: those of bucket b are `rows[starts[b] … starts[b + 1])`. */
export type Buckets = { readonly rows: Int32Array; readonly starts: Int32Array };

/**
 * Stable counting sort: `rows` in ascending order of `bucketOf[row]`; rows whose bucket is negative are left out.
 * Applied to the less important key first, it sorts by several keys.
 */
export function countingSort(rows: Int32Array, bucketOf: Int32Array, bucketCount: number): Buckets {
  const starts = new Int32Array(bucketCount + 1);
  for (let i = 0; i < rows.length; i++) {
    const bucket = bucketOf[rows[i]!]!;
    if (bucket >= 0) starts[bucket + 1]!++;
  }
  for (let bucket = 0; bucket < bucketCount; bucket++) starts[bucket + 1]! += starts[bucket]!;
  const next = starts.slice();
  const sorted = new Int32Array(starts[bucketCount]!);
  for (let i = 0; i < rows.length; i++) {
    const row = rows[i]!;
    const bucket = bucketOf[row]!;
    if (bucket >= 0) sorted[next[bucket]!++] = row;
  }
  return { rows: sorted, starts };
}
