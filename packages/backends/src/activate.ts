import { LadError } from "@lad/core";
import * as tf from "@tensorflow/tfjs-core";
import { importOptional } from "./import-optional";

/** Makes a loaded engine tfjs' backend. @throws {LadError} ENGINE if it does not start. */
export async function activate(name: string): Promise<void> {
  if (!(await tf.setBackend(name))) throw new LadError("ENGINE", `${name}: the engine is installed but does not start`);
}

/** An optional package. @throws {LadError} NOT_FOUND if it is not installed. */
export async function required(name: string): Promise<Record<string, unknown>> {
  const loaded = await importOptional(name);
  if (!loaded) throw new LadError("NOT_FOUND", `${name} is not installed`);
  return loaded;
}
