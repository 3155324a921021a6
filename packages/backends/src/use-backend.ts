// gradients must be registered before anything trains
import "@lad/tensor";
import { LadError } from "@lad/core";
import * as tf from "@tensorflow/tfjs-core";
import { type BackendName, type Engine, type EngineOptions, engines } from "./engines";

/** The engine that runs, and those that were tried before it. */
export type BackendInfo = {
  readonly name: BackendName;
  readonly version: string;
  readonly tried: readonly { readonly name: BackendName; readonly reason: string }[];
};

export type UseBackendOptions = Pick<EngineOptions, "threads" | "convolution" | "wasmPath"> & {
  /** Where the line about a broken engine goes; default: `console.warn`. */
  readonly log?: (line: string) => void;
};

/**
 * Chooses the engine that runs all tensors of the process and waits until it is ready.
 *
 * `auto` takes the first that loads: TensorFlow with a CUDA device, native, TensorFlow, WebGPU (on a real adapter), wasm, cpu. What is not installed is passed over silently
 * (and listed in `tried`); what is installed and does not start gives one line in `log`. Call it once, before the first tensor: tensors do not move between engines for free.
 * @throws {LadError} ENGINE if the named engine does not load (the message says how to get it), INVALID_ARGUMENT for a name that is none.
 */
export async function useBackend(
  name: "auto" | BackendName = "auto",
  options: UseBackendOptions = {},
): Promise<BackendInfo> {
  return chooseEngine(engines, name, options);
}

/** `useBackend` on a given list of engines. */
export async function chooseEngine(
  candidates: readonly Engine[],
  name: "auto" | BackendName,
  { log = (line) => console.warn(line), ...options }: UseBackendOptions,
): Promise<BackendInfo> {
  tf.env().set("PROD", true); // no banner, no warnings about a slow engine
  const chosen = name === "auto" ? candidates : candidates.filter((engine) => engine.name === name);
  if (chosen.length === 0) {
    const names = ["auto", ...candidates.map((engine) => engine.name)].join(", ");
    throw new LadError("INVALID_ARGUMENT", `useBackend: wanted one of ${names}, got ${name}`);
  }
  const tried: { name: BackendName; reason: string }[] = [];
  for (const engine of chosen) {
    try {
      const version = await engine.load({ ...options, automatic: name === "auto" });
      return { name: engine.name, version, tried };
    } catch (error) {
      const reason = firstLine(error);
      tried.push({ name: engine.name, reason });
      const missing = LadError.is(error) && error.code === "NOT_FOUND";
      if (name !== "auto")
        throw new LadError("ENGINE", `useBackend: ${name} did not load: ${reason}; ${engine.hint}`, { cause: error });
      if (!missing) log(`${engine.name} is installed but does not load (${reason}); trying the next engine`);
    }
  }
  const reasons = tried.map((entry) => `${entry.name}: ${entry.reason}`).join("; ");
  throw new LadError("ENGINE", `useBackend: no engine loads (${reasons})`);
}

function firstLine(error: unknown): string {
  return String(error instanceof Error ? error.message : error)
    .split("\n", 1)[0]!
    .trim();
}
