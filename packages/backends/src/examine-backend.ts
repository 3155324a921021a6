import { LadError } from "@lad/core";
import * as tf from "@tensorflow/tfjs-core";
import { type BackendName, engines } from "./engines";
import { importOptional } from "./import-optional";
import { nodeBuiltin } from "./node-builtins";
import { type UseBackendOptions, useBackend } from "./use-backend";

/** How an engine answered when it was started. */
export type BackendReport = {
  readonly name: BackendName;
  /** It loads, starts, and computed a product right. */
  readonly works: boolean;
  readonly version?: string;
  /** What it computes on: `CPU`, `CUDA`, `CPU, avx512`. */
  readonly device?: string;
  readonly threads?: number;
  /** Time to load and start it, ms. */
  readonly startMs?: number;
  /** Why it does not work, in a line. */
  readonly reason?: string;
  /** How to get it, if it does not work. */
  readonly hint?: string;
};

/** Starts an engine and says what it is, or why it does not start; for a process that ends afterwards, since it stays the engine of this one. Throws nothing. */
export async function examineBackend(
  wanted: "auto" | BackendName,
  options: UseBackendOptions = {},
): Promise<BackendReport> {
  const begun = performance.now();
  try {
    const { name, version } = await useBackend(wanted, options);
    const startMs = performance.now() - begun;
    const product = tf.tidy(() => tf.matMul([[1, 2]], [[3], [4]]));
    const [value] = await product.data();
    product.dispose();
    if (value !== 11) throw new Error(`it says 1·3 + 2·4 is ${value}`);
    return { name, works: true, version, startMs, ...(await described(name)) };
  } catch (error) {
    const name = wanted === "auto" ? "cpu" : wanted;
    // the engine's own words, not those of useBackend around them
    const { message } = LadError.is(error) && error.cause instanceof Error ? error.cause : (error as Error);
    const hint = engines.find((engine) => engine.name === wanted)?.hint;
    return { name, works: false, reason: message.split("\n", 1)[0]!, ...(hint !== undefined && { hint }) };
  }
}

async function described(name: BackendName): Promise<Pick<BackendReport, "device" | "threads">> {
  const cores = nodeBuiltin("node:os")?.availableParallelism() ?? 1;
  if (name === "native") {
    const { nativeInfo } = (await importOptional("@lad/backend-native")) as {
      nativeInfo?: () => { isa: string; threads: number };
    };
    const info = nativeInfo?.();
    return info ? { device: `CPU, ${info.isa}`, threads: info.threads } : {};
  }
  if (name === "tensorflow" || name === "tensorflow-gpu") {
    const { isUsingGpuDevice } = tf.backend() as { isUsingGpuDevice?: boolean };
    return isUsingGpuDevice
      ? { device: "CUDA" }
      : { device: "CPU", threads: Number(process.env.TF_NUM_INTRAOP_THREADS) || cores };
  }
  if (name === "wasm") {
    const { getThreadsCount } = await import("@tensorflow/tfjs-backend-wasm");
    const simd = await tf.env().getAsync("WASM_HAS_SIMD_SUPPORT");
    return { device: `CPU${simd ? ", SIMD" : ""}`, threads: threadsOfWasm(getThreadsCount) };
  }
  return name === "cpu" ? { device: "CPU", threads: 1 } : { device: "GPU" };
}

/** It has no count before it runs on several. */
function threadsOfWasm(count: () => number): number {
  try {
    return Math.max(1, count());
  } catch {
    return 1;
  }
}
