// gradients must be registered before any is replaced
import "@lad/tensor";
import { availableParallelism, totalmem } from "node:os";
import { LadError } from "@lad/core";
import * as tf from "@tensorflow/tfjs-core";
import { type Addon, loadAddon } from "./addon";
import { bufferPool } from "./buffer-pool";
import { createDevice, type Device } from "./device";
import { joinTables, type NativeKernel } from "./kernel";
import { convolutionKernels } from "./kernels/convolution";
import { deformConvKernels } from "./kernels/deform-conv";
import { descentKernels } from "./kernels/descent";
import { einsumKernels } from "./kernels/einsum";
import { elementwiseKernels } from "./kernels/elementwise";
import { functionKernels } from "./kernels/functions";
import { gatherKernels } from "./kernels/gather";
import { indexingKernels, rampKernels } from "./kernels/indexing";
import { integerKernels } from "./kernels/integers";
import { layerNormKernels } from "./kernels/layer-norm";
import { lossKernels } from "./kernels/losses";
import { matmulKernels } from "./kernels/matmul";
import { movementKernels } from "./kernels/movement";
import { normalizationKernels } from "./kernels/normalization";
import { poolingKernels } from "./kernels/pooling";
import { reductionKernels } from "./kernels/reductions";
import { resizeKernels } from "./kernels/resize";
import { roiAlignKernels } from "./kernels/roi-align";
import { scanKernels } from "./kernels/scans";
import { softmaxKernels } from "./kernels/softmax";
import { topkKernels } from "./kernels/topk";
import { NativeBackend } from "./native-backend";
import { preparedFilters } from "./prepared-filters";
import { registerFusedGradients } from "./register-gradients";

export const backendName = "native";

export type NativeOptions = {
  /** Threads of each kernel; default: `LAD_THREADS`, else as many as the machine runs at once (one in tests, which fill it with processes). */
  readonly threads?: number;
  /** `direct`: no Winograd. */
  readonly convolution?: "auto" | "direct";
  /** Bytes of free memory that the pool keeps; default: half of the machine's. */
  readonly poolCapacity?: number;
};

/** What a kernel that ran in JavaScript has cost. */
export type Fallback = { readonly calls: number; readonly elapsedMs: number };

/** Kernels that only pass a tensor on or describe it: nothing to win natively, and not counted as fallbacks. */
const trivial = new Set(["Identity", "Reshape", "ExpandDims", "Squeeze"]);
/** Bytes of prepared filters: enough for the shared convolutions of a detector's head, or for the filters of a frozen ResNet-101. */
const filterCapacity = 2 ** 29;
const fallbacks = new Map<string, Fallback>();
let addon: Addon | undefined;

/**
 * Registers the tfjs backend `native` and its kernels; `tf.setBackend("native")` then starts it. May be called again to change the options.
 * @throws {LadError} ENGINE if the add-on is not built or does not load (the message says how to build it), INVALID_ARGUMENT for a bad option.
 */
export async function registerNative({
  threads = defaultThreads(),
  convolution = "auto",
  poolCapacity = totalmem() / 2,
}: NativeOptions = {}): Promise<void> {
  if (!Number.isInteger(threads) || threads < 1 || threads > 1024)
    throw new LadError(
      "INVALID_ARGUMENT",
      `registerNative: threads must be a whole number from 1 to 1024, got ${threads}`,
    );
  if (!(poolCapacity >= 0))
    throw new LadError("INVALID_ARGUMENT", `registerNative: poolCapacity must be ≥ 0 bytes, got ${poolCapacity}`);
  if (convolution !== "auto" && convolution !== "direct")
    throw new LadError("INVALID_ARGUMENT", `registerNative: convolution must be auto or direct, got ${convolution}`);
  const loaded = loadAddon();
  loaded.setThreads(threads);
  loaded.setDirectOnly(convolution === "direct" ? 1 : 0);
  if (addon) return;
  const pool = bufferPool(loaded, poolCapacity);
  const backend = new NativeBackend(pool, preparedFilters(pool, filterCapacity));
  tf.registerBackend(backendName, () => backend, 4);
  registerKernels(createDevice(backend, loaded));
  registerFusedGradients(backendName);
  addon = loaded;
}

/** How often and how long each kernel ran in JavaScript since the last call, for want of a native one. */
export function takeFallbacks(): Map<string, Fallback> {
  const counted = new Map(fallbacks);
  fallbacks.clear();
  return counted;
}

/** oneDNN's version, the instruction set of our own loops and the thread count, as they are now. @throws {LadError} ENGINE before `registerNative`. */
export function nativeInfo(): { readonly oneDnn: string; readonly isa: string; readonly threads: number } {
  if (!addon) throw new LadError("ENGINE", "nativeInfo: call registerNative first");
  return { oneDnn: addon.libraryVersion(), isa: addon.isa(), threads: addon.threadCount() };
}

function defaultThreads(): number {
  const { LAD_THREADS, VITEST } = process.env;
  return Number(LAD_THREADS) || (VITEST ? 1 : availableParallelism());
}

function registerKernels(device: Device): void {
  const native = joinTables([
    elementwiseKernels(device),
    functionKernels(device),
    integerKernels(device),
    reductionKernels(device),
    scanKernels(device),
    topkKernels(device),
    movementKernels(device),
    gatherKernels(device),
    indexingKernels(device),
    rampKernels(device),
    poolingKernels(device),
    resizeKernels(device),
    softmaxKernels(device),
    normalizationKernels(device),
    layerNormKernels(device),
    convolutionKernels(device),
    matmulKernels(device),
    einsumKernels(device),
    descentKernels(device),
    roiAlignKernels(device),
    deformConvKernels(device),
    lossKernels(device),
  ]);
  const plain = new Map(tf.getKernelsForBackend("cpu").map((config) => [config.kernelName, config.kernelFunc]));
  for (const kernelName of new Set([...plain.keys(), ...Object.keys(native)])) {
    const kernelFunc = withFallback(kernelName, native[kernelName], plain.get(kernelName));
    tf.registerKernel({ kernelName, backendName, kernelFunc });
  }
}

function withFallback(name: string, native: NativeKernel | undefined, plain: tf.KernelFunc | undefined): tf.KernelFunc {
  if (trivial.has(name) && plain) return plain;
  return (call) => {
    const made = native?.({ inputs: call.inputs, attrs: call.attrs ?? {} });
    if (made) return made;
    if (!plain) throw new LadError("UNSUPPORTED", `native: kernel ${name} does not take these inputs`);
    const startedAt = performance.now();
    try {
      return plain(call);
    } finally {
      const { calls, elapsedMs } = fallbacks.get(name) ?? { calls: 0, elapsedMs: 0 };
      fallbacks.set(name, { calls: calls + 1, elapsedMs: elapsedMs + performance.now() - startedAt });
    }
  };
}
