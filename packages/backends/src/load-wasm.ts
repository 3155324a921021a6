import * as tf from "@tensorflow/tfjs-core";
import { activate } from "./activate";
import type { EngineOptions } from "./engines";
import { nodeBuiltin, packageRequire } from "./node-builtins";
import { registerWasmTrainingKernels } from "./wasm/register-wasm-training-kernels";
import { withNodeThreads } from "./with-node-threads";

/** tfjs-backend-wasm keeps eight workers, whatever the machine. */
const mostThreads = 8;

/**
 * XNNPACK compiled to WebAssembly, with the kernels that training needs. In Node several threads are started by a detour (tfjs itself switches them off there);
 * if that fails, or with `threads: 1`, it runs on one. The number of threads does not change results. Once started it keeps its threads.
 */
export async function loadWasm({ threads, wasmPath }: EngineOptions): Promise<string> {
  const wasm = await import("@tensorflow/tfjs-backend-wasm");
  await import("@tensorflow/tfjs-backend-cpu"); // for the few kernels that run there
  registerWasmTrainingKernels();
  // not tf.findBackend, which would start it
  if (!("wasm" in tf.engine().registry)) {
    const folder =
      wasmPath ??
      packageRequire()
        ?.resolve("@tensorflow/tfjs-backend-wasm")
        .replace(/[^\\/]*$/, "");
    if (folder !== undefined) wasm.setWasmPaths(folder);
    const count = Math.min(mostThreads, threads ?? defaultThreads());
    wasm.setThreadsCount(count);
    if (count > 1 && nodeBuiltin("node:os") && (await withNodeThreads(count, () => tf.setBackend("wasm"))))
      return wasm.version_wasm;
    if (count === 1 || nodeBuiltin("node:os")) tf.env().set("WASM_HAS_MULTITHREAD_SUPPORT", false);
  }
  await activate("wasm");
  return wasm.version_wasm;
}

/**
 * `LAD_THREADS`, else one (in a browser tfjs' own choice). More are an offer, not the default: its threads spin while they wait, so on cores
 * that others use as well a step on two took 3.5 times as long as on one; on idle cores large maps gain.
 */
function defaultThreads(): number {
  if (!nodeBuiltin("node:os")) return -1;
  return Number(process.env.LAD_THREADS) || 1;
}
