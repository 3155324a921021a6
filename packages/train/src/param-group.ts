import type { Progress } from "@lad/core";
import type { Optimizer, ParamGroup, Params } from "@lad/tensor";

export type ParamGroupOptions = {
  readonly params: Params;
  /** Made for (at least) these parameters; the group does not dispose it. */
  readonly optimizer: Optimizer;
  /** Trainable parameters that stand still at this moment: no gradient, no decay, no momentum. */
  readonly freeze?: (name: string, at: Progress) => boolean;
};

/** Parameters, what updates them, and which of them stand still when. */
export function paramGroup({ params, optimizer, freeze = () => false }: ParamGroupOptions): ParamGroup {
  const trained = [...params].filter(([, { kind }]) => kind === "trainable");
  return {
    params,
    optimizer,
    trainable: (at) => trained.filter(([name]) => !freeze(name, at)).map(([, { variable }]) => variable),
  };
}
