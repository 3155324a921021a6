import { LadError } from "@lad/core";
import * as tf from "@tensorflow/tfjs-core";
import { addBias } from "./add-bias";
import { checkChannels, checkInteger, checkRank } from "./check";
import { padded } from "./padding-mode";

export type Conv2dOptions = {
  readonly stride?: number;
  /** Zeros added on each side, px. */
  readonly padding?: number;
  /** Distance between the taps of the filter, px. */
  readonly dilation?: number;
  /** `[O]`, added to every pixel. */
  readonly bias?: tf.Tensor;
};

/**
 * 2-D convolution, channels last; side of the output: `floor((side + 2·padding − dilation·(kernel − 1) − 1) / stride) + 1`, as torch.
 * Differentiable in `x`, `filter` and `bias`.
 * @param x `[B, H, W, I]`.
 * @param filter `[KH, KW, I, O]`.
 * @returns `[B, H', W', O]`.
 * @throws {LadError} SHAPE_MISMATCH if channels differ or the filter is larger than the padded map, INVALID_ARGUMENT for stride, padding, dilation.
 */
export function conv2d(
  x: tf.Tensor4D,
  filter: tf.Tensor4D,
  { stride = 1, padding = 0, dilation = 1, bias }: Conv2dOptions = {},
): tf.Tensor4D {
  checkConv(x, filter, stride, padding, dilation);
  if (bias) checkChannels("conv2d", filter.shape[3], { bias });
  return tf.tidy(() => {
    const map = padded(x, padding, 0);
    const value = tf.conv2d(map.x, dilation === 1 ? filter : dilated(filter, dilation), stride, map.pad);
    return bias ? addBias(value, bias) : value;
  });
}

function checkConv(x: tf.Tensor4D, filter: tf.Tensor4D, stride: number, padding: number, dilation: number): void {
  checkRank("conv2d", "x", x, 4, "[B, H, W, C]");
  checkRank("conv2d", "filter", filter, 4, "[KH, KW, I, O]");
  checkInteger("conv2d", "stride", stride, 1);
  checkInteger("conv2d", "padding", padding, 0);
  checkInteger("conv2d", "dilation", dilation, 1);
  const fits = [0, 1].every((axis) => dilation * (filter.shape[axis]! - 1) < x.shape[axis + 1]! + 2 * padding);
  if (x.shape[3] !== filter.shape[2] || !fits) {
    throw new LadError(
      "SHAPE_MISMATCH",
      `conv2d: filter [${filter.shape}] (KH, KW, I, O; dilation ${dilation}) does not fit x [${x.shape}] (B, H, W, I) with padding ${padding}`,
    );
  }
}

/** tfjs has no gradient for dilated convolution: zeros between the taps make it an ordinary one. */
function dilated(filter: tf.Tensor4D, dilation: number): tf.Tensor4D {
  const [height, width, inputs, outputs] = filter.shape;
  const [tall, wide] = [(height - 1) * dilation + 1, (width - 1) * dilation + 1];
  const gap: [number, number] = [0, dilation - 1];
  const none: [number, number] = [0, 0];
  const rows = tf.pad(tf.reshape(filter, [height, 1, width * inputs * outputs]), [none, gap, none]);
  const spread = tf.slice(tf.reshape(rows, [height * dilation, width * inputs * outputs]), [0, 0], [tall, -1]);
  const columns = tf.pad(tf.reshape(spread, [tall * width, 1, inputs * outputs]), [none, gap, none]);
  const all = tf.slice(tf.reshape(columns, [tall, width * dilation, inputs * outputs]), [0, 0, 0], [-1, wide, -1]);
  return tf.reshape(all, [tall, wide, inputs, outputs]);
}
