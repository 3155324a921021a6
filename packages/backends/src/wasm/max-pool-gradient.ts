import * as tf from "@tensorflow/tfjs-core";
import { floats, type Kernel, sizeOf, zeros } from "./heap";

/**
 * Gradient of max pooling: each output's gradient goes to the first maximum of its window, rows first, as torch and tfjs' cpu engine do; a NaN counts as the maximum.
 * (The stock kernel puts gradients elsewhere when windows overlap.)
 */
export const maxPoolGradient: Kernel = (backend, { dy, input }, attributes) => {
  const { filterSize, strides, pad, dimRoundingMode } = attributes as unknown as PoolAttributes;
  const [shape, result] = [input!.shape as [number, number, number, number], zeros(backend, input!.shape)];
  if (sizeOf(dy!.shape) === 0) return result;
  const pool = tf.backend_util.computePool2DInfo(shape, filterSize, strides, 1, pad, dimRoundingMode);
  const { inHeight, inWidth, inChannels: channels, outHeight, outWidth, filterHeight, filterWidth } = pool;
  const [source, gradient, target] = [floats(backend, input!), floats(backend, dy!), floats(backend, result)];
  const best = new Float32Array(channels);
  const where = new Int32Array(channels);
  let output = 0;
  for (let n = 0; n < pool.batchSize; n++) {
    for (let h = 0; h < outHeight; h++) {
      const top = h * pool.strideHeight - pool.padInfo.top;
      for (let w = 0; w < outWidth; w++, output += channels) {
        const left = w * pool.strideWidth - pool.padInfo.left;
        where.fill(-1);
        for (let y = Math.max(0, top); y < Math.min(inHeight, top + filterHeight); y++) {
          const row = (n * inHeight + y) * inWidth;
          for (let x = Math.max(0, left); x < Math.min(inWidth, left + filterWidth); x++)
            keepLarger(source, (row + x) * channels, best, where);
        }
        for (let c = 0; c < channels; c++) if (where[c]! >= 0) target[where[c]!]! += gradient[output + c]!;
      }
    }
  }
  return result;
};

type PoolAttributes = {
  filterSize: [number, number] | number;
  strides: [number, number] | number;
  pad: Parameters<typeof tf.backend_util.computePool2DInfo>[4];
  dimRoundingMode?: "floor" | "round" | "ceil";
};

function keepLarger(source: Float32Array, at: number, best: Float32Array, where: Int32Array): void {
  for (let c = 0; c < best.length; c++) {
    const value = source[at + c]!;
    if (value > best[c]! || where[c]! < 0 || (Number.isNaN(value) && !Number.isNaN(best[c]))) {
      best[c] = value;
      where[c] = at + c;
    }
  }
}
