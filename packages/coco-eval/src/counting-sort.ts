/** Rows in bucket order: those of bucket b are `rows[starts[b] … starts[b + 1])`. */
export type Buckets = { readonly rows: Int32Array; readonly starts: Int32Array };

/**
 * Stable counting sort: `rows` in ascending order of `bucketOf[row]`; rows whose bucket is negative are left out.
 * Applied to the less important key first, it sorts by several keys.
 */
export function countingSort(rows: Int32Array, bucketOf: Int32Array, bucketCount: number): Buckets {
  const starts = new Int32Array(bucketCount + 1);
  countRows(rows, bucketOf, starts);
  for (let bucket = 0; bucket < bucketCount; bucket++) starts[bucket + 1]! += starts[bucket]!;
  const sorted = new Int32Array(starts[bucketCount]!);
  placeRows(rows, bucketOf, starts.slice(), sorted);
  return { rows: sorted, starts };
}

/** Adds how many rows each bucket has to what stands behind it in `starts`. */
function countRows(rows: Int32Array, bucketOf: Int32Array, starts: Int32Array): void {
  for (let i = 0; i < rows.length; i++) {
    const bucket = bucketOf[rows[i]!]!;
    if (bucket >= 0) starts[bucket + 1]!++;
  }
}

/** @param next where each bucket's next row goes. */
function placeRows(rows: Int32Array, bucketOf: Int32Array, next: Int32Array, sorted: Int32Array): void {
  for (let i = 0; i < rows.length; i++) {
    const row = rows[i]!;
    const bucket = bucketOf[row]!;
    if (bucket >= 0) sorted[next[bucket]!++] = row;
  }
}

/** Rows of the largest bucket. */
export function largestBucket(starts: Buckets["starts"]): number {
  return starts.reduce((most, start, bucket) => Math.max(most, bucket > 0 ? start - starts[bucket - 1]! : 0), 0);
}
