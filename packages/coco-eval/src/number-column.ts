/** A list of doubles that grows, without an object per number. */
export type NumberColumn = {
  push(value: number): void;
  /** The numbers so far, in an array of exactly their count. */
  finish(): Float64Array;
};

/** Makes an empty column. */
export function numberColumn(): NumberColumn {
  let data = new Float64Array(64);
  let length = 0;
  return {
    push: (value) => {
      if (length === data.length) {
        const grown = new Float64Array(2 * length);
        grown.set(data);
        data = grown;
      }
      data[length++] = value;
    },
    finish: () => data.slice(0, length),
  };
}
