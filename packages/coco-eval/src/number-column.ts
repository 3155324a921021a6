/** A list of doubles that grows, without an object per number. */
export type NumberColumn = {
  push(value: number): void;
  pushAll(values: ArrayLike<number>): void;
  /** Appends `values[start]` to `values[start + count - 1]`: numbers that stay in arrays are not boxed, as arguments are. */
  pushFrom(values: Float64Array, start: number, count: number): void;
  /** How many there are. */
  count(): number;
  /** Forgets the numbers, keeps the room. */
  clear(): void;
  /** The numbers so far, where they lie: valid until the next `push` or `clear`. */
  view(): Float64Array;
  /** The numbers so far, in an array of exactly their count. */
  finish(): Float64Array;
};

/** Makes an empty column. */
export function numberColumn(): NumberColumn {
  let data = new Float64Array(64);
  let length = 0;
  const reserve = (count: number) => {
    if (length + count <= data.length) return;
    const grown = new Float64Array(Math.max(2 * data.length, length + count));
    grown.set(data);
    data = grown;
  };
  const push = (value: number) => {
    if (length === data.length) reserve(1);
    data[length++] = value;
  };
  return {
    push,
    pushAll: (values) => {
      for (let i = 0; i < values.length; i++) push(values[i]!);
    },
    pushFrom: (values, start, count) => {
      if (length + count > data.length) reserve(count);
      for (let i = 0; i < count; i++) data[length + i] = values[start + i]!;
      length += count;
    },
    count: () => length,
    clear: () => {
      length = 0;
    },
    view: () => data.subarray(0, length),
    finish: () => data.slice(0, length),
  };
}
