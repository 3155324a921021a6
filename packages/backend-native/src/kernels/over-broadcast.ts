import { broadcast_util } from "@tensorflow/tfjs-core";
import { numbers, stepsOf } from "../kernel";

type Shaped = { readonly shape: readonly number[] };

/** Steps through `shape` for an operand that is broadcast to it. */
function broadcastSteps(own: readonly number[], shape: readonly number[]): number[] {
  const steps = stepsOf(own);
  const missing = shape.length - own.length;
  return shape.map((_, axis) => (axis < missing || own[axis - missing] === 1 ? 0 : steps[axis - missing]!));
}

/** Runs an operation on two operands with the shape of its result and the numbers of src/native/pairs.h. Throws if the shapes do not fit. */
export function overBroadcast<T>(a: Shaped, b: Shaped, run: (shape: number[], meta: Int32Array) => T): T {
  const shape = broadcast_util.assertAndGetBroadcastShape([...a.shape], [...b.shape]);
  return run(shape, numbers(shape.length, shape, broadcastSteps(a.shape, shape), broadcastSteps(b.shape, shape)));
}
