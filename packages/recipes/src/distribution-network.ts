import {
  atss,
  type DistributionDetector,
  fcosDistribution,
  paaAnchors,
  retinaAnchors,
  retinaDistribution,
} from "@lad/detectors";
import { atssDistributionHead, fcosDistributionHead, retinaDistributionHead } from "@lad/heads";
import type { NetworkContext } from "./config";
import { type PyramidNetworkOptions, pyramidNetwork } from "./pyramid-network";

export type DistributionNetworkOptions = Omit<PyramidNetworkOptions, "levels" | "anchorScale" | "pyramid"> & {
  readonly detector: "atss" | "fcos" | "retina";
  /** Bins of a side's distribution (`reg_max` + 1). Default 17. */
  readonly binCount?: number;
};

// the pyramids of their papers: FCOS has a relu between the two extra levels, RetinaNet makes them of C5
const pyramids = {
  atss: {},
  fcos: { reluBeforeExtra: true },
  retina: { extra: "onInput" },
} as const;

/**
 * ATSS, FCOS or RetinaNet whose boxes are distributions, as the LD repository has them to apply localization distillation to: on a ResNet with a pyramid of
 * five levels. RetinaNet's towers have no norm unless `groups` says otherwise. With `pretrained` the stem and the first stage are frozen and batch norms keep
 * their stored statistics.
 */
export function distributionNetwork({
  detector,
  binCount = 17,
  ...options
}: DistributionNetworkOptions): (context: NetworkContext) => DistributionDetector {
  return (context) => {
    const { sizes, ...networks } = pyramidNetwork({ ...options, pyramid: pyramids[detector] }, context);
    const shape = { ...sizes, binCount };
    if (detector === "atss") return atss({ ...networks, head: atssDistributionHead(shape), anchors: paaAnchors });
    if (detector === "fcos") return fcosDistribution({ ...networks, head: fcosDistributionHead(shape) });
    const head = retinaDistributionHead({ ...shape, groups: options.groups ?? 0 });
    return retinaDistribution({ ...networks, head, anchors: retinaAnchors });
  };
}
