import type { Mode, Params } from "@lad/tensor";
import type { Tensor4D } from "@tensorflow/tfjs-core";
import type { NormFinish } from "./norm-finish";

/** A map from maps to maps with its parameters. `mode` is "eval" unless given. */
export type Layer = { readonly params: Params; forward(x: Tensor4D, mode?: Mode): Tensor4D };

/** A norm, which can add a residual and cut by relu in the same pass. */
export type NormLayer = { readonly params: Params; forward(x: Tensor4D, mode?: Mode, finish?: NormFinish): Tensor4D };
