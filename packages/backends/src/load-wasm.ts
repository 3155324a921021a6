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

/** As many as the machine runs at once (in a browser tfjs' own choice), or `LAD_THREADS`; one in tests, which already fill the machine with processes. */
function defaultThreads(): number {
  const os = nodeBuiltin("node:os");
  if (!os) return -1;
  const { LAD_THREADS, VITEST } = process.env;
  return Number(LAD_THREADS) || (VITEST ? 1 : os.availableParallelism());
}
