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
