import * as tf from "@tensorflow/tfjs-core";

type Gradient = (dy: tf.Tensor, y: tf.Tensor) => tf.Tensor;

/**
 * Gradients in one pass where tfjs' take several, with the same numbers; on other engines they are composed as before.
 * Relu's keeps its output, which the next layer keeps anyway, not its input.
 */
export function registerFusedGradients(backendName: string): void {
  const replace = (kernelName: string, fused: string, composed: Gradient) => {
    const gradient: Gradient = (dy, y) =>
      tf.getBackend() === backendName && dy.dtype === "float32" && y.dtype === "float32"
        ? (tf.engine().runKernel(fused, { dy, y }) as tf.Tensor)
        : composed(dy, y);
    tf.unregisterGradient(kernelName);
    tf.registerGradient({
      kernelName,
      outputsToSave: [true],
      gradFunc: (dy, [y]) => ({ x: () => gradient(dy as tf.Tensor, y!) }),
    });
  };
  replace("Relu", "LadReluGradient", (dy, y) => tf.mul(dy, tf.cast(tf.step(y), "float32")));
  replace("Sigmoid", "LadSigmoidGradient", (dy, y) => tf.mul(dy, tf.mul(y, tf.sub(1, y))));
}
