import { LadError } from "@lad/core";
import { broadcast_util, type TensorInfo } from "@tensorflow/tfjs-core";
import type { Device } from "../device";
import { areFloats, type KernelTable, kernel, numbers, sizeOf, stepsOf } from "../kernel";
import { type Activation, activate } from "./activation";
import { overBroadcast } from "./over-broadcast";
import { stridedCopy } from "./strided-copy";

type Inputs = { a: TensorInfo; b: TensorInfo; bias?: TensorInfo; preluActivationWeights?: TensorInfo };
type Attributes = Activation & { transposeA?: boolean; transposeB?: boolean };

/** Products of matrices and of batches of them. */
export function matmulKernels(device: Device): KernelTable {
  const { addon, floats, allocate, recycle, result } = device;
  /** One matrix for all, or one for each of `outer`; those that serve several are copied. */
  const batched = ({ shape, ...operand }: TensorInfo, outer: readonly number[]) => {
    const values = floats({ shape, ...operand });
    const batch = sizeOf(shape.slice(0, -2));
    if (batch === 1 || batch === sizeOf([...outer])) return { values, batch, copied: false };
    const own = [...outer.map(() => 1), ...shape].slice(-outer.length - 2);
    const wanted = [...outer, ...shape.slice(-2)];
    const copy = allocate(sizeOf(wanted));
    const fromSteps = stepsOf(own).map((step, axis) => (own[axis] === wanted[axis] ? step : 0));
    stridedCopy(addon, { from: values, to: copy, shape: wanted, fromSteps, toSteps: stepsOf(wanted) });
    return { values: copy, batch: sizeOf([...outer]), copied: true };
  };
  const matmul = kernel<Inputs, Attributes>((inputs, attributes) => {
    const { a, b, bias, preluActivationWeights } = inputs;
    const { transposeA = false, transposeB = false } = attributes;
    if (!areFloats(a, b)) return undefined;
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
    const outer = broadcast_util.assertAndGetBroadcastShape(a.shape.slice(0, -2), b.shape.slice(0, -2));
    const shape = [...outer, rows!, columns!];
    if (bias && sizeOf(bias.shape) !== columns) return undefined;
    const y = allocate(sizeOf(shape));
    if (y.length > 0 && depth! > 0) {
      const operands = [a, b].map((operand) => batched(operand, outer));
      const [left, right] = operands;
      const counts = operands.map(({ batch }) => batch);
      const sizes = numbers(counts, rows!, columns!, depth!, Number(transposeA), Number(transposeB));
      addon.matmul(left!.values, right!.values, bias ? floats(bias) : null, y, sizes);
      for (const { values, copied } of operands) if (copied) recycle(values);
    } else if (y.length > 0) {
      y.fill(0);
      if (bias) overBroadcast({ shape }, bias, (_, meta) => addon.binary(0, y, floats(bias), y, meta));
    }
    activate(device, shape, y, attributes, preluActivationWeights);
    return result(shape, y);
  });
  return { BatchMatMul: matmul, _FusedMatMul: matmul };
}
