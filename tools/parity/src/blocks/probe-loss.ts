import * as tf from "@tensorflow/tfjs-core";

/** The cases' scalar of feature maps: Σ over maps of mean(f·w) + 0.1·mean(f²), w = linspace(-1, 1) in NCHW order. */
export function probeLoss(maps: readonly tf.Tensor4D[]): tf.Scalar {
  const terms = maps.map((map) => {
    const turned = tf.transpose(map, [0, 3, 1, 2]);
    const weights = tf.tensor(ramp(map.size), turned.shape);
    return tf.add(tf.mean(tf.mul(turned, weights)), tf.mul(tf.mean(tf.square(turned)), 0.1));
  });
  return tf.addN(terms) as tf.Scalar;
}

/** linspace(-1, 1, size); tfjs' own adds its step up in float32, which drifts. */
export function ramp(size: number): Float32Array {
  return Float32Array.from({ length: size }, (_, index) => (size > 1 ? -1 + (2 * index) / (size - 1) : -1));
}
