import { useBackend } from "@lad/backends";
import { LadError } from "@lad/core";

/** The engines that training is tested on here: the embedded one, and ours on oneDNN where its add-on is built. */
export async function trainingEngines(): Promise<readonly ("wasm" | "native")[]> {
  try {
    await useBackend("native");
    return ["wasm", "native"];
  } catch (error) {
    if (LadError.is(error) && error.code === "ENGINE") return ["wasm"];
    throw error;
  }
}
