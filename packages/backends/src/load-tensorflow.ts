import { LadError } from "@lad/core";
import * as tf from "@tensorflow/tfjs-core";
import { activate, required } from "./activate";

type TensorflowBackend = { isUsingGpuDevice?: boolean; binding?: { TF_Version?: string } };

/**
 * tfjs-node, either build. @returns TensorFlow's version.
 * @throws {LadError} NOT_FOUND if the package is missing, or if its GPU build sees no CUDA device.
 */
export async function loadTensorflow(
  packageName: "@tensorflow/tfjs-node" | "@tensorflow/tfjs-node-gpu",
): Promise<string> {
  await required(packageName);
  await activate("tensorflow");
  const backend = tf.backend() as TensorflowBackend;
  if (packageName.endsWith("-gpu") && !backend.isUsingGpuDevice)
    throw new LadError("NOT_FOUND", `${packageName} is installed but sees no CUDA device`);
  return backend.binding?.TF_Version ?? "unknown";
}
