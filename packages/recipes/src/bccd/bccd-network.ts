import type { Paa } from "@lad/detectors";
import type { NetworkContext } from "../config";
import { type PaaNetworkOptions, paaNetwork } from "../paa-network";

/** The networks of the reference runs on BCCD: pyramid and head 128 channels wide, two convolutions per tower. */
export function bccdNetwork({ depth }: Pick<PaaNetworkOptions, "depth">): (context: NetworkContext) => Paa {
  return paaNetwork({ depth, channels: 128, stackedConvs: 2 });
}
