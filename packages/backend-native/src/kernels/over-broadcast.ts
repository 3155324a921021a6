import { broadcast_util, type TensorInfo } from "@tensorflow/tfjs-core";
import { numbers, stepsOf } from "../kernel";

/** Steps through `shape` for an operand that is broadcast to it. */
function broadcastSteps(own: readonly number[], shape: readonly number[]): number[] {
  const steps = stepsOf(own);
  const missing = shape.length - own.length;
  return shape.map((_, axis) => (axis < missing || own[axis - missing] === 1 ? 0 : steps[axis - missing]!));
}

/** Runs an operation on two operands with the shape of its result and the numbers of src/native/pairs.h. Throws if the shapes do not fit. */
export function overBroadcast(
  a: TensorInfo,
  b: TensorInfo,
  run: (shape: number[], meta: Int32Array) => TensorInfo,
): TensorInfo {
  const shape = broadcast_util.assertAndGetBroadcastShape(a.shape, b.shape);
  return run(shape, numbers(shape.length, shape, broadcastSteps(a.shape, shape), broadcastSteps(b.shape, shape)));
}
