import { LadError } from "@lad/core";
import * as tf from "@tensorflow/tfjs-core";
import { checkInteger, checkRank } from "./check";
import { padded } from "./padding-mode";

export type MaxPoolOptions = {
  /** Side of the window, px. */
  readonly size: number;
  readonly stride: number;
  /** Added on each side, px; never wins. At most half of `size`. */
  readonly padding?: number;
};

/**
 * Maximum over windows, as torch's `max_pool2d`: padding counts as −∞, side of the output `floor((side + 2·padding − size) / stride) + 1`.
 * The gradient of a window goes to its first maximum (row-major).
 * @param x `[B, H, W, C]`.
 * @throws {LadError} INVALID_ARGUMENT for size, stride, padding; SHAPE_MISMATCH if the window is larger than the padded map.
 */
export function maxPool(x: tf.Tensor4D, { size, stride, padding = 0 }: MaxPoolOptions): tf.Tensor4D {
  checkRank("maxPool", "x", x, 4, "[B, H, W, C]");
  checkInteger("maxPool", "size", size, 1);
  checkInteger("maxPool", "stride", stride, 1);
  checkInteger("maxPool", "padding", padding, 0);
  if (2 * padding > size)
    throw new LadError("INVALID_ARGUMENT", `maxPool: padding ${padding} must be at most half of size ${size}`);
  if (Math.min(x.shape[1], x.shape[2]) + 2 * padding < size) {
    throw new LadError(
      "SHAPE_MISMATCH",
      `maxPool: a window of ${size} does not fit x [${x.shape}] with padding ${padding}`,
    );
  }
  return tf.tidy(() => {
    const map = padded(x, padding, Number.NEGATIVE_INFINITY);
    return tf.maxPool(map.x, size, stride, map.pad);
  });
}
