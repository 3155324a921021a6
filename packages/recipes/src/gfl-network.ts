import { type DistributionDetector, type GflOptions, gfl, paaAnchors } from "@lad/detectors";
import { gflHead, gflV2Head } from "@lad/heads";
import type { NetworkContext } from "./config";
import { type PyramidNetworkOptions, pyramidNetwork } from "./pyramid-network";

export type GflNetworkOptions = PyramidNetworkOptions & {
  /** GFocal V1, or V2 whose class scores are lowered by what the box distributions tell. Default 1. */
  readonly version?: 1 | 2;
  /** Bins of a side's distribution (`reg_max` + 1). Default 17. */
  readonly binCount?: number;
  /** The published configurations' losses unless said otherwise: `{ boxLoss: ciouLoss }`. */
  readonly loss?: GflOptions["loss"];
};

/**
 * GFocal on a ResNet with a feature pyramid, sized to taste; the defaults are the paper's. With `pretrained` the stem and the first stage are frozen and batch
 * norms keep their stored statistics, as every published configuration has it.
 */
export function gflNetwork({
  version = 1,
  binCount = 17,
  loss,
  ...options
}: GflNetworkOptions): (context: NetworkContext) => DistributionDetector {
  const { levels = 5, anchorScale = 8 } = options;
  return (context) => {
    const { sizes, ...networks } = pyramidNetwork(options, context);
    const head = (version === 1 ? gflHead : gflV2Head)({ ...sizes, binCount });
    const anchors = { ...paaAnchors, strides: paaAnchors.strides.slice(0, levels), scale: anchorScale };
    return gfl({ ...networks, head, anchors, ...(loss && { loss }) });
  };
}
