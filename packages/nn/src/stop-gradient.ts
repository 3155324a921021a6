import * as tf from "@tensorflow/tfjs-core";
import { customOp } from "./custom-op";

/** The value of `compute`, a constant to the gradient; nothing inside is recorded. */
export function stopGradient<T extends tf.Tensor>(compute: () => T): T {
  return customOp(
    {},
    () => tf.clone(compute()),
    () => ({}),
  );
}
