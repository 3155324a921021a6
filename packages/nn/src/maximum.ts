import * as tf from "@tensorflow/tfjs-core";
import { customOp } from "./custom-op";

/** Elementwise maximum with broadcasting. At a tie each side takes half of the gradient, as torch. */
export function maximum<T extends tf.Tensor>(a: tf.Tensor, b: tf.Tensor): T {
  return choose(a, b, tf.maximum, tf.greater) as T;
}

/** Elementwise minimum with broadcasting. At a tie each side takes half of the gradient, as torch. */
export function minimum<T extends tf.Tensor>(a: tf.Tensor, b: tf.Tensor): T {
  return choose(a, b, tf.minimum, tf.less) as T;
}

function choose(a: tf.Tensor, b: tf.Tensor, extreme: typeof tf.maximum, wins: typeof tf.greater): tf.Tensor {
  return customOp(
    { a, b },
    (save) => {
      save([a, b]);
      return extreme(a, b);
    },
    (dy, saved) => {
      const [left, right] = saved as [tf.Tensor, tf.Tensor];
      const half = tf.mul(tf.cast(tf.equal(left, right), "float32"), 0.5);
      const share = tf.add(tf.cast(wins(left, right), "float32"), half); // of the left side
      return {
        a: () => sumTo(tf.mul(dy, share), left.shape),
        b: () => sumTo(tf.mul(dy, tf.sub(1, share)), right.shape),
      };
    },
  );
}

/** Undoes broadcasting. */
function sumTo(gradient: tf.Tensor, shape: number[]): tf.Tensor {
  const axes = tf.broadcast_util.getReductionAxes(shape, gradient.shape);
  return tf.reshape(axes.length ? tf.sum(gradient, axes) : gradient, shape);
}
