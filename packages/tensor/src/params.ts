import { LadError, type NdArray } from "@lad/core";
import * as tf from "@tensorflow/tfjs-core";

/**
 * - `trainable`: receives gradients;
 * - `frozen`: a weight that the optimiser skips altogether (no decay, no momentum);
 * - `buffer`: state that is not learned by gradient (batch norm statistics).
 */
export type ParamKind = "trainable" | "frozen" | "buffer";

/** How a parameter lies in files against memory: `conv` OIHW against HWIO, `linear` `[out, in]` against `[in, out]`, `plain` alike. */
export type ParamLayout = "plain" | "conv" | "linear";

export type Param = { readonly variable: tf.Variable; readonly kind: ParamKind; readonly layout: ParamLayout };

/** The parameters of a network by name; names are torchvision's and mmdet's (`layer1.0.conv1.weight`). */
export type Params = ReadonlyMap<string, Param>;

/** Makes one parameter. `initial` is in tfjs layout (convolutions HWIO). The variable owns its memory until `disposeParams`. */
export function param(
  initial: NdArray,
  { kind = "trainable", layout = "plain" }: { readonly kind?: ParamKind; readonly layout?: ParamLayout } = {},
): Param {
  const values = tf.tensor(initial.data.slice(), initial.shape as number[], "float32");
  const variable = tf.variable(values, kind === "trainable");
  values.dispose();
  return { variable, kind, layout };
}

/**
 * Joins the parameters of parts under their names: `joinParams({ conv1: conv.params })` has `conv1.weight`. The name "" adds no prefix.
 * @throws {LadError} INVALID_ARGUMENT if two parts make the same name.
 */
export function joinParams(parts: Readonly<Record<string, Params>>): Params {
  const joined = new Map<string, Param>();
  for (const [prefix, params] of Object.entries(parts)) {
    for (const [name, entry] of params) {
      const full = prefix ? `${prefix}.${name}` : name;
      if (joined.has(full)) throw new LadError("INVALID_ARGUMENT", `joinParams: two parameters are named ${full}`);
      joined.set(full, entry);
    }
  }
  return joined;
}

/** The same parameters with every trainable one frozen. */
export function freezeParams(params: Params): Params {
  return new Map(
    [...params].map(([name, entry]) => [name, entry.kind === "trainable" ? { ...entry, kind: "frozen" } : entry]),
  );
}

/** The variables that gradients are taken for. */
export function trainableVariables(params: Params): tf.Variable[] {
  return [...params.values()].filter((entry) => entry.kind === "trainable").map((entry) => entry.variable);
}

/** Frees the memory of all parameters; the network cannot be used afterwards. */
export function disposeParams(params: Params): void {
  for (const { variable } of params.values()) variable.dispose();
}
