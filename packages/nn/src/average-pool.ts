import { LadError } from "@lad/core";
import * as tf from "@tensorflow/tfjs-core";
import { checkInteger, checkRank } from "./check";

export type AveragePoolOptions = {
  /** Side of the window, px. */
  readonly size: number;
  readonly stride: number;
  /** Zeros added on each side, px. At most half of `size`. */
  readonly padding?: number;
  /** A last window may reach over the edge, so that no pixel is left out. */
  readonly ceil?: boolean;
  /** Padding counts as pixels of 0; else only the map's own pixels are averaged. What `ceil` reaches over never counts. */
  readonly countPadding?: boolean;
};

/**
 * Mean over windows, as torch's `avg_pool2d`: side of the output `floor((side + 2·padding − size) / stride) + 1`, with `ceil` rounded up.
 * @param x `[B, H, W, C]`.
 * @throws {LadError} INVALID_ARGUMENT for size, stride, padding; SHAPE_MISMATCH if the window is larger than the padded map.
 */
export function averagePool(
  x: tf.Tensor4D,
  { size, stride, padding = 0, ceil = false, countPadding = true }: AveragePoolOptions,
): tf.Tensor4D {
  checkRank("averagePool", "x", x, 4, "[B, H, W, C]");
  checkInteger("averagePool", "size", size, 1);
  checkInteger("averagePool", "stride", stride, 1);
  checkInteger("averagePool", "padding", padding, 0);
  if (2 * padding > size)
    throw new LadError("INVALID_ARGUMENT", `averagePool: padding ${padding} must be at most half of size ${size}`);
  const options = { size, stride, padding, ceil, countPadding };
  const [rows, columns] = [windowsOf(x.shape[1], options), windowsOf(x.shape[2], options)];
  if (rows.counts.length < 1 || columns.counts.length < 1) {
    throw new LadError(
      "SHAPE_MISMATCH",
      `averagePool: a window of ${size} does not fit x [${x.shape}] with padding ${padding}`,
    );
  }
  return tf.tidy(() => {
    const around = [rows, columns].map(({ after }): [number, number] => [padding, Math.max(0, after)]);
    const map = around.flat().some((zeros) => zeros > 0) ? tf.pad(x, [[0, 0], around[0]!, around[1]!, [0, 0]]) : x;
    const means = tf.avgPool(map, size, stride, "valid");
    const factors = rows.counts.flatMap((high) => columns.counts.map((wide) => size ** 2 / (high * wide)));
    if (factors.every((factor) => factor === 1)) return means;
    return tf.mul<tf.Tensor4D>(means, tf.tensor4d(factors, [1, rows.counts.length, columns.counts.length, 1]));
  });
}

/** How many pixels each window counts along a side, and how many zeros follow the side. */
function windowsOf(
  side: number,
  { size, stride, padding, ceil, countPadding }: Required<AveragePoolOptions>,
): { readonly counts: readonly number[]; readonly after: number } {
  const round = ceil ? Math.ceil : Math.floor;
  let windows = round((side + 2 * padding - size) / stride) + 1;
  // a window must begin inside the map or the padding before it
  if (ceil && (windows - 1) * stride >= side + padding) windows--;
  const [least, most] = countPadding ? [-padding, side + padding] : [0, side];
  const counts = Array.from({ length: Math.max(0, windows) }, (_, window) => {
    const start = window * stride - padding;
    return Math.min(start + size, most) - Math.max(start, least);
  });
  return { counts, after: (windows - 1) * stride + size - padding - side };
}
