import * as tf from "@tensorflow/tfjs-core";
import { customOp } from "./custom-op";

/** `max(x, bound)`; the gradient is 1 where `x ≥ bound`, also at the bound, as torch's `clamp(min)`. */
export function clampMin<T extends tf.Tensor>(x: T, bound: number): T {
  return customOp(
    { x },
    (save) => {
      save([x]);
      return tf.maximum<T>(x, bound);
    },
    (dy, [input]) => ({ x: () => tf.mul(dy, tf.cast(tf.greaterEqual(input!, bound), "float32")) }),
  );
}
