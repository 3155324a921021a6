import * as tf from "@tensorflow/tfjs-core";

/**
 * Remembers the gradient of every kernel. Packages that bring the whole of tfjs register its gradients once more when they load, in place of
 * the mended ones of @lad/tensor and those an engine fused.
 * @returns puts them back; what has been added meanwhile stays.
 */
export function keepGradients(): () => void {
  const names = Object.values(tf).filter((value) => typeof value === "string");
  const kept = names.flatMap((name) => tf.getGradient(name) ?? []);
  return () => {
    for (const gradient of kept) {
      const now = tf.getGradient(gradient.kernelName);
      if (now === gradient) continue;
      if (now) tf.unregisterGradient(gradient.kernelName);
      tf.registerGradient(gradient);
    }
  };
}
