// tfjs-core alone registers no gradients in Node, and those of Prod and GatherV2 call the chained `reshape`.
// Its registries and its engine live on the global object, so the copies that are bundled here serve every tfjs-core;
// the user's tfjs-core must come first, for whoever comes first makes the engine and its tensor class.
import * as tf from "@tensorflow/tfjs-core";
import "@tensorflow/tfjs-core/dist/public/chained_ops/reshape";
import "@tensorflow/tfjs-core/dist/register_all_gradients";

// tfjs hands a single output's gradient over bare, which these two take for a list: a batch of one, or one level, would throw
for (const kernelName of [tf.Unpack, tf.SplitV]) {
  const config = tf.getGradient(kernelName)!;
  tf.unregisterGradient(kernelName);
  tf.registerGradient({
    ...config,
    gradFunc: (dy, saved, attributes) => config.gradFunc(Array.isArray(dy) ? dy : [dy], saved, attributes),
  });
}

// tfjs multiplies by ones of the input's size, which it fills one by one in JavaScript
for (const [kernelName, isMean] of [
  [tf.Sum, false],
  [tf.Mean, true],
] as const) {
  tf.unregisterGradient(kernelName);
  tf.registerGradient({
    kernelName,
    inputsToSave: ["x"],
    gradFunc: (dy, [x], { axis }) => ({ x: () => spreadOver(x!, axis as number | number[], dy as tf.Tensor, isMean) }),
  });
}

/** The gradient of a sum over axes, or a mean, of `x`: each element has that of the result it went into, or its share. */
function spreadOver(x: tf.Tensor, axis: number | number[], dy: tf.Tensor, isMean: boolean): tf.Tensor {
  if (x.size === 0) return tf.zeros(x.shape);
  const axes = tf.util.parseAxisParam(axis, x.shape);
  const kept = x.shape.map((side, i) => (axes.includes(i) ? 1 : side));
  const share = isMean ? tf.div(dy, x.size / tf.util.sizeFromShape(kept)) : dy;
  return tf.broadcastTo(tf.reshape(share, kept), x.shape);
}
