import { LadError } from "@lad/core";
import * as tf from "@tensorflow/tfjs-core";
import { alias, floats, type Info, type Kernel, releaseAlias, sizeOf, stock, type Wasm, zeros } from "./heap";

/**
 * Matrix product, as tfjs' BatchMatMul. XNNPACK only serves single products without transpose flags; the stock kernel does everything else in a plain loop,
 * 13 times slower, returns unset memory when the inner size is 0, and multiplies with the wrong numbers when one tensor is used as `b` in two shapes.
 * Here flags become transposes and batches one product each. @throws {LadError} SHAPE_MISMATCH.
 */
export const batchMatMul: Kernel = (backend, { a, b }, attributes) => {
  const { transposeA, transposeB } = attributes as { transposeA: boolean; transposeB: boolean };
  const left = matrices(backend, a!, transposeA);
  const right = matrices(backend, b!, transposeB);
  const [, rows, inner] = left.info.shape as [number, number, number];
  const [, innerB, columns] = right.info.shape as [number, number, number];
  const outer = tf.broadcast_util.assertAndGetBroadcastShape(a!.shape.slice(0, -2), b!.shape.slice(0, -2));
  const shape = [...outer, rows, columns];
  if (inner !== innerB) {
    for (const { info, owned } of [left, right]) if (owned) backend.disposeData(info.dataId);
    const shapes = `[${a!.shape}]${transposeA ? "ᵀ" : ""} and [${b!.shape}]${transposeB ? "ᵀ" : ""}`;
    throw new LadError("SHAPE_MISMATCH", `matMul: inner sizes of ${shapes} differ: ${inner} and ${innerB}`);
  }
  const result = sizeOf(shape) * inner === 0 ? zeros(backend, shape) : products(backend, left.info, right.info, shape);
  for (const { info, owned } of [left, right]) if (owned) backend.disposeData(info.dataId);
  return result;
};

/** `[batch, rows, columns]` without transpose flag. */
function matrices(backend: Wasm, matrix: Info, transpose: boolean): { info: Info; owned: boolean } {
  const [rows, columns] = matrix.shape.slice(-2) as [number, number];
  const batch = sizeOf(matrix.shape.slice(0, -2));
  const info = { ...matrix, shape: [batch, rows, columns] };
  if (!transpose) return { info, owned: false };
  if (rows === 1 || columns === 1 || sizeOf(matrix.shape) === 0)
    return { info: { ...matrix, shape: [batch, columns, rows] }, owned: false };
  return { info: stock(backend, "Transpose", { x: info }, { perm: [0, 2, 1] }), owned: true };
}

function products(backend: Wasm, a: Info, b: Info, shape: readonly number[]): Info {
  const [batchA, rows, inner] = a.shape as [number, number, number];
  const [batchB, , columns] = b.shape as [number, number, number];
  const batch = Math.max(batchA, batchB);
  if (batch === 1) return { ...product(backend, a, b, 0, 0), shape: shape as number[] };
  const result = backend.makeOutput(shape as number[], "float32");
  for (let i = 0; i < batch; i++) {
    const one = product(backend, a, b, (i % batchA) * rows * inner, (i % batchB) * inner * columns);
    floats(backend, result).set(floats(backend, one), i * rows * columns);
    backend.disposeData(one.dataId);
  }
  return result;
}

/** XNNPACK packs `b` and keeps that under its handle whatever its shape then is: a handle of its own for each product avoids both. */
function product(backend: Wasm, a: Info, b: Info, startA: number, startB: number): Info {
  const left = alias(backend, a, [1, ...a.shape.slice(1)], startA);
  const right = alias(backend, b, [1, ...b.shape.slice(1)], startB);
  const result = stock(backend, "BatchMatMul", { a: left, b: right }, { transposeA: false, transposeB: false });
  for (const handle of [left, right]) releaseAlias(backend, handle);
  return result;
}
