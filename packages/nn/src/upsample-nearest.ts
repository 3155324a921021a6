import * as tf from "@tensorflow/tfjs-core";
import { checkInteger, checkRank } from "./check";
import { customOp } from "./custom-op";

export type UpsampleNearestOptions = {
  /** Of the output, px. */
  readonly height: number;
  /** Of the output, px. */
  readonly width: number;
};

/**
 * Nearest neighbour resizing to a given size, as torch's `interpolate(size, mode="nearest")`: `source = floor(target · in / out)` in float32.
 * The gradient of a source pixel is the sum over its copies. Also shrinks.
 * @param x `[B, H, W, C]`.
 * @returns `[B, height, width, C]`.
 * @throws {LadError} INVALID_ARGUMENT if a side is not a positive integer.
 */
export function upsampleNearest(x: tf.Tensor4D, { height, width }: UpsampleNearestOptions): tf.Tensor4D {
  checkRank("upsampleNearest", "x", x, 4, "[B, H, W, C]");
  checkInteger("upsampleNearest", "height", height, 1);
  checkInteger("upsampleNearest", "width", width, 1);
  const [batch, rows, columns, channels] = x.shape;
  return tf.tidy(() => {
    // width before height: it then copies the smaller map
    const wide = resizeAxis(tf.reshape(x, [batch * rows, columns, channels]), width); // [B·H, W', C]
    const tall = resizeAxis(tf.reshape(wide, [batch, rows, width * channels]), height); // [B, H', W'·C]
    return tf.reshape(tall, [batch, height, width, channels]);
  });
}

/** Resizes the middle axis of `[outer, size, inner]`. */
function resizeAxis(x: tf.Tensor3D, size: number): tf.Tensor3D {
  const from = x.shape[1];
  if (size === from) return x;
  return size === 2 * from || size === 2 * from - 1 ? double(x, size) : pick(x, size);
}

/** Every element twice; the last copy may be cut off. */
function double(x: tf.Tensor3D, size: number): tf.Tensor3D {
  const [outer, from, inner] = x.shape;
  const cut = 2 * from - size;
  return customOp(
    { x },
    () => {
      const twice = tf.reshape(tf.concat([x, x], 2), [outer, 2 * from, inner]) as tf.Tensor3D;
      return cut ? tf.slice(twice, [0, 0, 0], [outer, size, inner]) : twice;
    },
    (dy) => ({
      x: () => {
        const ends: [number, number][] = [
          [0, 0],
          [0, cut],
          [0, 0],
        ];
        // twice the mean of each pair: the engines pool much faster than they slice or sum inner axes
        const pairs = tf.reshape(cut ? tf.pad(dy, ends) : dy, [outer, 2 * from, 1, inner]) as tf.Tensor4D;
        return tf.reshape(tf.mul(tf.avgPool(pairs, [2, 1], [2, 1], "valid"), 2), [outer, from, inner]);
      },
    }),
  );
}

function pick(x: tf.Tensor3D, size: number): tf.Tensor3D {
  const [outer, from, inner] = x.shape;
  const sources = sourceIndices(from, size);
  return customOp(
    { x },
    () => tf.gather(x, tf.tensor1d(sources, "int32"), 1),
    (dy) => ({
      x: () => {
        // copy k of every source, or the row of zeros behind the last one
        const withZeros = tf.concat([dy, tf.zeros([outer, 1, inner])], 1);
        const copies = copyIndices(sources, from).map((index) => tf.gather(withZeros, tf.tensor1d(index, "int32"), 1));
        return copies.length ? tf.addN(copies) : tf.zerosLike(x);
      },
    }),
  );
}

/** Source of every target; torch multiplies in float32, which decides where `target · from / size` is nearly whole. */
function sourceIndices(from: number, size: number): Int32Array {
  const scale = Math.fround(from / size);
  return Int32Array.from({ length: size }, (_, target) => Math.min(Math.floor(Math.fround(target * scale)), from - 1));
}

/** For k = 0, 1…: the k-th target of every source, `sources.length` where there is none. Targets of a source are neighbours. */
function copyIndices(sources: Int32Array, from: number): Int32Array[] {
  const copies: Int32Array[] = [];
  const counts = new Int32Array(from);
  sources.forEach((source, target) => {
    const k = counts[source]!++;
    copies[k] ??= new Int32Array(from).fill(sources.length);
    copies[k][source] = target;
  });
  return copies;
}
