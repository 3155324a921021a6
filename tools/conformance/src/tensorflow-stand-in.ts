import { readFileSync } from "node:fs";
import { MathBackendCPU } from "@tensorflow/tfjs-backend-cpu";
import * as tf from "@tensorflow/tfjs-core";

const { kernels } = JSON.parse(
  readFileSync(new URL("../fixtures/tfjs-node-kernels.json", import.meta.url), "utf8"),
) as {
  kernels: string[];
};

/** What tfjs-node 4.22 refuses although it registers the kernel. */
const refusals: Readonly<Record<string, (inputs: tf.NamedTensorInfoMap, attrs: tf.NamedAttrMap) => string | false>> = {
  Conv2D: (_, { pad }) => typeof pad === "number" && pad !== 0 && "numeric padding",
  Conv2DBackpropInput: (_, { pad }) => typeof pad !== "string" && pad !== 0 && "numeric and explicit padding",
  Conv2DBackpropFilter: (_, { pad }) => typeof pad !== "string" && pad !== 0 && "numeric and explicit padding",
  MaxPool: (_, { pad }) => typeof pad === "number" && pad !== 0 && "numeric padding",
  MaxPoolGrad: (_, { pad }) => typeof pad === "number" && pad !== 0 && "numeric padding",
  FusedBatchNorm: ({ scale, offset }) => !(scale && offset) && "batch norm without scale or offset",
};

/**
 * Registers an engine of the name `tensorflow` that has exactly tfjs-node's kernels (computed by the cpu engine) and its refusals.
 * What runs on it finds its kernels on tfjs-node and tfjs-node-gpu.
 * @returns the names of the kernels that were run.
 */
export function registerStandIn(): Set<string> {
  const used = new Set<string>();
  tf.registerBackend("tensorflow", () => new MathBackendCPU());
  for (const kernelName of kernels) {
    const kernel = tf.getKernel(kernelName, "cpu");
    if (!kernel) continue; // the cpu engine lacks it, so nothing that is tested on it uses it
    tf.registerKernel({
      ...kernel,
      backendName: "tensorflow",
      kernelFunc: (parameters) => {
        const refused = refusals[kernelName]?.(parameters.inputs, parameters.attrs ?? {});
        if (refused) throw new Error(`tfjs-node's ${kernelName} refuses ${refused}`);
        used.add(kernelName);
        return kernel.kernelFunc(parameters);
      },
    });
  }
  return used;
}
