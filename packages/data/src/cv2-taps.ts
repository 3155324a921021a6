/** Where the two taps of every output position lie, and the weight of the second. */
export type Taps = {
  readonly first: Int32Array;
  readonly second: Int32Array;
  /** float32, weight of `second`; `first` weighs 1 - this. */
  readonly fraction: Float32Array;
};

/**
 * Positions of OpenCV's INTER_LINEAR along one axis: f = float32((d + 0.5) · scale - 0.5), i = floor(f).
 * At the borders the x axis sets the fraction to 0; the y axis only clamps the row numbers and keeps it (both taps are the same row then).
 */
export function cv2Taps(source: number, destination: number, axis: "x" | "y"): Taps {
  const first = new Int32Array(destination);
  const second = new Int32Array(destination);
  const fraction = new Float32Array(destination);
  const scale = 1 / (destination / source); // OpenCV inverts its inverse scale: not always source / destination in the last bit
  for (let d = 0; d < destination; d++) {
    const position = Math.fround((d + 0.5) * scale - 0.5);
    let index = Math.floor(position);
    let weight = Math.fround(position - index);
    if (axis === "x" && (index < 0 || index >= source - 1)) {
      index = index < 0 ? 0 : source - 1;
      weight = 0;
    }
    first[d] = Math.min(Math.max(index, 0), source - 1);
    second[d] = Math.min(Math.max(index + 1, 0), source - 1);
    fraction[d] = weight;
  }
  return { first, second, fraction };
}
