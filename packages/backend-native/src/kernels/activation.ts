import { LadError } from "@lad/core";
import type { TensorInfo } from "@tensorflow/tfjs-core";
import type { Device } from "../device";
import { functionIndex, functionOfTwoIndex } from "./functions";
import { overBroadcast } from "./over-broadcast";
import { unaryIndex } from "./unary";

export type Activation = {
  readonly activation?: string;
  readonly leakyreluAlpha?: number;
};

/**
 * Applies a fused kernel's activation to its fresh result, in place. Not left to the library: its relu turns NaN into 0.
 * @throws {LadError} UNSUPPORTED for an activation that tfjs has not.
 */
export function activate(
  { addon, floats }: Device,
  shape: readonly number[],
  y: Float32Array,
  { activation = "linear", leakyreluAlpha = 0.2 }: Activation,
  preluWeights?: TensorInfo,
): void {
  if (activation === "linear" || y.length === 0) return;
  const unary = { relu: "Relu", sigmoid: "Sigmoid" }[activation];
  const rarer = { elu: "Elu", relu6: "Relu6", leakyrelu: "LeakyRelu" }[activation];
  if (unary) addon.unary(unaryIndex(unary), y, y, 0, 0);
  else if (rarer) addon.functionOf(functionIndex(rarer), y, y, leakyreluAlpha);
  else if (activation === "prelu" && preluWeights) {
    overBroadcast({ shape }, preluWeights, (made, meta) => {
      if (`${made}` !== `${shape}`)
        throw new LadError("SHAPE_MISMATCH", `native prelu: weights [${preluWeights.shape}] do not fit [${shape}]`);
      addon.functionOfTwo(functionOfTwoIndex("Prelu"), y, floats(preluWeights), y, meta);
    });
  } else throw new LadError("UNSUPPORTED", `native: there is no fused activation ${activation}`);
}
