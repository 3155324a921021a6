import { LadError } from "@lad/core";
import { broadcast_util, type TensorInfo } from "@tensorflow/tfjs-core";
import type { Device } from "../device";
import { areFloats, type KernelTable, kernel, numbers, sizeOf } from "../kernel";

type Inputs = { a: TensorInfo; b: TensorInfo; bias?: TensorInfo; preluActivationWeights?: TensorInfo };
type Attributes = { transposeA?: boolean; transposeB?: boolean; activation?: string };

/** Products of matrices and of batches of them. */
export function matmulKernels({ addon, floats, allocate, result }: Device): KernelTable {
  const matmul = kernel<Inputs, Attributes>((inputs, attributes) => {
    const { a, b, bias, preluActivationWeights } = inputs;
    const { transposeA = false, transposeB = false, activation = "linear" } = attributes;
    if (!areFloats(a, b) || preluActivationWeights || !["linear", "relu"].includes(activation)) return undefined;
    if (Math.min(a.shape.length, b.shape.length) < 2)
      throw new LadError(
        "SHAPE_MISMATCH",
        `native BatchMatMul: wanted matrices, got a [${a.shape}] and b [${b.shape}]`,
      );
    const [rows, depth] = transposeA ? a.shape.slice(-2).reverse() : a.shape.slice(-2);
    const [depthB, columns] = transposeB ? b.shape.slice(-2).reverse() : b.shape.slice(-2);
    if (depth !== depthB)
      throw new LadError(
        "SHAPE_MISMATCH",
        `native BatchMatMul: inner sizes differ: a [${a.shape}]${transposeA ? " transposed" : ""}, b [${b.shape}]${transposeB ? " transposed" : ""}`,
      );
    const [batchA, batchB] = [sizeOf(a.shape.slice(0, -2)), sizeOf(b.shape.slice(0, -2))];
    const outer = broadcast_util.assertAndGetBroadcastShape(a.shape.slice(0, -2), b.shape.slice(0, -2));
    const shape = [...outer, rows!, columns!];
    const plain = batchA === batchB || batchA === 1 || batchB === 1;
    if (!plain || sizeOf(shape) === 0 || depth === 0 || (bias && sizeOf(bias.shape) !== columns)) return undefined;
    const y = allocate(sizeOf(shape));
    const sizes = numbers(batchA, batchB, rows!, columns!, depth!, Number(transposeA), Number(transposeB));
    addon.matmul(floats(a), floats(b), bias ? floats(bias) : null, y, sizes);
    if (activation === "relu") addon.unary(0, y, y, 0, 0);
    return result(shape, y);
  });
  return { BatchMatMul: matmul, _FusedMatMul: matmul };
}
