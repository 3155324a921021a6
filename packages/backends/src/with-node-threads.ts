import type { Worker } from "node:worker_threads";
import * as tf from "@tensorflow/tfjs-core";
import { nodeBuiltin, packageRequire } from "./node-builtins";

/** What the emscripten runtime of tfjs-backend-wasm asks of a worker. */
type RuntimeWorker = Pick<Worker, "on" | "ref" | "unref" | "postMessage" | "terminate"> & {
  onmessage?: (event: { data: unknown }) => void;
};

const folder = "@tensorflow/tfjs-backend-wasm/wasm-out/tfjs-backend-wasm-threaded-simd";
const pool = 8;

/**
 * Starts tfjs-backend-wasm with its threaded binary in Node, where its own start fails on three things that are put right while `start` runs:
 * it names its worker script by a `blob:` URL, which Node's workers refuse (here the script is passed as text); its script loads the runtime from another such URL (text, too);
 * and it uses half of the cores that `os.cpus` reports (here twice the threads are reported). Of the eight workers it asks for only those that compute are real.
 * @returns false, with everything as before, if the engine did not start.
 */
export async function withNodeThreads(threads: number, start: () => Promise<boolean>): Promise<boolean> {
  const [os, workers] = [nodeBuiltin("node:os")!, nodeBuiltin("node:worker_threads")!];
  const globals = globalThis as { Worker?: unknown };
  const before = { cpus: os.cpus, Worker: workers.Worker, globalWorker: globals.Worker };
  try {
    const script = workerScript();
    let made = 0;
    // the runtime takes its threads from the end of the pool
    const make = () => (pool - made++ < threads ? realWorker(before.Worker, script) : idleWorker());
    function ThreadWorker(): RuntimeWorker {
      return make();
    }
    workers.Worker = ThreadWorker as unknown as typeof Worker;
    os.cpus = () => Array.from({ length: 2 * threads }, () => before.cpus()[0]!);
    tf.env().set("WASM_HAS_MULTITHREAD_SUPPORT", true);
    return await start();
  } catch {
    return false;
  } finally {
    os.cpus = before.cpus;
    workers.Worker = before.Worker;
    if (before.globalWorker === undefined) delete globals.Worker;
    else globals.Worker = before.globalWorker;
  }
}

function workerScript(): { readonly worker: string; readonly runtime: string } {
  const require = packageRequire()!;
  const { wasmWorkerContents } = require(`${folder}.worker.js`) as { wasmWorkerContents: string };
  const runtime = String(require(`${folder}.js`));
  return {
    // line breaks inside its string literals were unescaped when it was packed
    worker: `${wasmWorkerContents.replaceAll("\n", "\\n")};global.importScripts = (text) => (0, eval)(text);`,
    runtime: `var WasmBackendModuleThreadedSimd = ${runtime}`,
  };
}

function realWorker(Real: typeof Worker, script: { readonly worker: string; readonly runtime: string }): RuntimeWorker {
  const worker = new Real(script.worker, { eval: true, execArgv: [] });
  worker.unref();
  const post = worker.postMessage.bind(worker);
  return Object.assign(worker, {
    // a computing thread must not keep the process alive
    ref: () => undefined,
    postMessage: (message: { cmd?: string }, transfer?: []) =>
      post(message.cmd === "load" ? { ...message, urlOrBlob: script.runtime } : message, transfer),
  }) as RuntimeWorker;
}

/** Fills a place in the pool that no thread will take. */
function idleWorker(): RuntimeWorker {
  const worker = {
    on: () => worker,
    ref: () => undefined,
    unref: () => undefined,
    terminate: async () => 0,
    postMessage: (message: { cmd?: string }) => {
      if (message.cmd === "load") queueMicrotask(() => worker.onmessage?.({ data: { cmd: "loaded" } }));
    },
  } as unknown as RuntimeWorker;
  return worker;
}
