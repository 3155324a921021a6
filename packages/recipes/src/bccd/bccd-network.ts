import type { DistributionDetector, Paa } from "@lad/detectors";
import type { NetworkContext } from "../config";
import { gflNetwork } from "../gfl-network";
import { type PaaNetworkOptions, paaNetwork } from "../paa-network";

const sizes = { channels: 128, stackedConvs: 2 };

/** The networks of the reference runs on BCCD: pyramid and head 128 channels wide, two convolutions per tower. */
export function bccdNetwork({ depth }: Pick<PaaNetworkOptions, "depth">): (context: NetworkContext) => Paa {
  return paaNetwork({ depth, ...sizes });
}

/** GFocal of the same sizes. */
export function bccdGflNetwork({
  depth,
}: Pick<PaaNetworkOptions, "depth">): (context: NetworkContext) => DistributionDetector {
  return gflNetwork({ depth, ...sizes });
}
