import { LadError } from "@lad/core";
import * as tf from "@tensorflow/tfjs-core";
import { activate, required } from "./activate";
import type { EngineOptions } from "./engines";
import { keepGradients } from "./keep-gradients";
import { mendTensorflow } from "./mend-tensorflow";
import { nodeBuiltin } from "./node-builtins";

export type TensorflowPackage = "@tensorflow/tfjs-node" | "@tensorflow/tfjs-node-gpu";
type TensorflowBackend = { isUsingGpuDevice?: boolean; binding?: { TF_Version?: string } };

/**
 * tfjs-node, either build. A process can hold one TensorFlow: whichever build was loaded first stays, and serves the other's name as far as it can.
 * @returns TensorFlow's version.
 * @throws {LadError} NOT_FOUND if the package is missing, or if its GPU build sees no CUDA device; ENGINE if its binding is missing or broken.
 */
export async function loadTensorflow(
  packageName: TensorflowPackage,
  { threads, automatic = false }: EngineOptions = {},
): Promise<string> {
  const gpu = packageName.endsWith("-gpu");
  if (!tf.engine().findBackendFactory("tensorflow")) {
    if (gpu && automatic && !mayHaveCuda()) throw new LadError("NOT_FOUND", "there is no NVIDIA device");
    setThreads(threads ?? Number(process.env.LAD_THREADS));
    await importBinding(packageName);
  }
  await activate("tensorflow");
  const backend = tf.backend() as TensorflowBackend;
  if (gpu && !backend.isUsingGpuDevice)
    throw new LadError("NOT_FOUND", `${packageName} is installed but sees no CUDA device`);
  return backend.binding?.TF_Version ?? "unknown";
}

/** tfjs-node brings the whole of tfjs, which registers its own gradients once more. */
async function importBinding(packageName: TensorflowPackage): Promise<void> {
  process.env.TF_CPP_MIN_LOG_LEVEL ??= "2"; // TensorFlow tells what the processor could do, on every start
  const restore = keepGradients();
  try {
    await required(packageName);
    mendTensorflow();
  } catch (error) {
    if (LadError.is(error)) throw error;
    const reason = error instanceof Error ? error.message.split("\n", 1)[0]! : String(error);
    const missing = /native addon module .* can not be found/.test(reason);
    const problem = missing ? "its binding to TensorFlow is not built" : `its binding does not load: ${reason}`;
    throw new LadError("ENGINE", `${packageName} is installed, but ${problem}`, { cause: error });
  } finally {
    restore();
  }
}

/** TensorFlow reads them when it starts; without them it takes every core. */
function setThreads(threads: number): void {
  if (!(threads >= 1)) return;
  process.env.TF_NUM_INTRAOP_THREADS = `${threads}`;
  process.env.TF_NUM_INTEROP_THREADS = `${threads}`;
}

/** Whether it is worth loading a gigabyte of CUDA: on Linux the driver has a device file, under Windows' Linux another one; elsewhere unknown. */
function mayHaveCuda(): boolean {
  const fs = nodeBuiltin("node:fs");
  if (process.platform !== "linux" || !fs) return true;
  return ["/dev/nvidiactl", "/dev/dxg", "/dev/nvhost-gpu"].some((path) => fs.existsSync(path));
}
