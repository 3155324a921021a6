import type { Mode, Params } from "@lad/tensor";
import type { Tensor4D } from "@tensorflow/tfjs-core";

/** A map from maps to maps with its parameters. `mode` is "eval" unless given. */
export type Layer = { readonly params: Params; forward(x: Tensor4D, mode?: Mode): Tensor4D };
