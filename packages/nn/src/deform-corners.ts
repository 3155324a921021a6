import * as tf from "@tensorflow/tfjs-core";
import type { DeformShape } from "./deform-shape";

/** One of the four pixels around every sample. Samples are listed pixel by pixel of the output, tap by tap, deformable group by group: M in all. */
export type Corner = {
  /** `[M]` row of the map as `[B·H·W·D, I / D]`. */
  readonly rows: tf.Tensor1D;
  /** `[M, 1]` bilinear weight, and how it changes with the sample's y and x. 0 for pixels outside of the map. */
  readonly weight: tf.Tensor;
  readonly byY: tf.Tensor;
  readonly byX: tf.Tensor;
};

/**
 * The corners of all samples. A sample fades to 0 over the last cell around the map; at -1 and beyond, and at H and W and beyond, neither value nor
 * slope is left. A place that is not a number has weights that are none. To be run in a tidy where nothing is recorded.
 */
export function deformCorners(
  offsets: tf.Tensor4D,
  [batch, height, width]: readonly [number, number, number, number],
  shape: DeformShape,
): Corner[] {
  const { deformGroups } = shape;
  const taps = shape.kernelHeight * shape.kernelWidth;
  const pixels = shape.outHeight * shape.outWidth;
  const pairs = tf.reshape(offsets, [batch * pixels, deformGroups, taps, 2]);
  const turned = deformGroups === 1 ? pairs : tf.transpose(pairs, [0, 2, 1, 3]); // [P, taps, D, 2] in memory
  const axes = tf.reshape(turned, [batch * pixels * taps * deformGroups, 2]);
  const place = (column: number, base: Float32Array) => {
    const own = tf.reshape(tf.slice(axes, [0, column], [-1, 1]), [batch, pixels * taps, deformGroups]);
    return tf.add(own, tf.tensor(base, [1, pixels * taps, 1])); // [B, pixels·taps, D]
  };
  const [y, x] = [place(0, undeformed(shape, 0)), place(1, undeformed(shape, 1))];
  const inside = tf.mul(within(y, -1, height), within(x, -1, width));
  const [top, left] = [tf.floor(y), tf.floor(x)];
  const [restY, restX] = [tf.sub(y, top), tf.sub(x, left)];
  const first = firstRows(batch, height * width, deformGroups);
  return [0, 1, 2, 3].map((corner) => {
    const [down, right] = [corner >> 1, corner & 1];
    const [row, column] = [tf.add(top, down), tf.add(left, right)];
    const real = tf.mul(inside, tf.mul(within(row, -0.5, height - 0.5), within(column, -0.5, width - 0.5)));
    const shareY = down ? restY : tf.sub(1, restY);
    const shareX = right ? restX : tf.sub(1, restX);
    const list = (values: tf.Tensor) => tf.reshape(values, [-1, 1]);
    const cell = tf.add(tf.mul(whole(row, height), tf.scalar(width, "int32")), whole(column, width));
    return {
      rows: tf.reshape(tf.add(tf.mul(cell, tf.scalar(deformGroups, "int32")), first), [-1]) as tf.Tensor1D,
      weight: list(tf.mul(tf.mul(shareY, shareX), real)),
      byY: list(tf.mul(tf.mul(shareX, real), down ? 1 : -1)),
      byX: list(tf.mul(tf.mul(shareY, real), right ? 1 : -1)),
    };
  });
}

/** Where the taps lie without offsets along an axis, px: `[H'·W'·taps]`. */
function undeformed(
  { kernelWidth, kernelHeight, stride, padding, dilation, ...out }: DeformShape,
  axis: 0 | 1,
): Float32Array {
  const taps = kernelHeight * kernelWidth;
  return Float32Array.from({ length: out.outHeight * out.outWidth * taps }, (_, index) => {
    const [pixel, tap] = [Math.floor(index / taps), index % taps];
    const at = axis === 0 ? Math.floor(pixel / out.outWidth) : pixel % out.outWidth;
    return at * stride - padding + (axis === 0 ? Math.floor(tap / kernelWidth) : tap % kernelWidth) * dilation;
  });
}

/** 1 between the bounds, 0 elsewhere. */
function within(values: tf.Tensor, low: number, high: number): tf.Tensor {
  return tf.cast(tf.logicalAnd(tf.greater(values, low), tf.less(values, high)), "float32");
}

/** Whole numbers clipped into `[0, side)`. What is not a number becomes 0 on some engines, the smallest whole number on TensorFlow. */
function whole(values: tf.Tensor, side: number): tf.Tensor {
  return tf.maximum(tf.cast(tf.clipByValue(values, 0, side - 1), "int32"), tf.scalar(0, "int32"));
}

/** The first row of each image and deformable group: `[B, 1, D]`. */
function firstRows(batch: number, cells: number, groups: number): tf.Tensor {
  const rows = Int32Array.from({ length: batch * groups }, (_, index) => {
    const image = Math.floor(index / groups);
    return image * cells * groups + (index % groups);
  });
  return tf.tensor(rows, [batch, 1, groups], "int32");
}
