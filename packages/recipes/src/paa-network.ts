import { type Paa, type PaaOptions, paa, paaAnchors } from "@lad/detectors";
import { type PaaHeadOptions, paaHead } from "@lad/heads";
import type { NetworkContext } from "./config";
import { type PyramidNetworkOptions, pyramidNetwork } from "./pyramid-network";

export type PaaNetworkOptions = PyramidNetworkOptions & {
  /** How the head makes class probabilities, `implicitObject()` or `conditionalObjectness()`; default: the sigmoid of the logits. */
  readonly probability?: PaaHeadOptions["probability"];
  /** Predict the IoU of every box. Default true. */
  readonly iouBranch?: boolean;
  /** Form of an anchor's cost, the paper's equation say: `{ box: "iou", boxWeight: 1 }`; default as the reference's code. */
  readonly cost?: PaaOptions["cost"];
};

/**
 * PAA on a ResNet with a feature pyramid, sized to taste; the defaults are the paper's. With `pretrained` the stem and the first stage
 * are frozen and batch norms keep their stored statistics, as every published configuration has it.
 */
export function paaNetwork({
  probability,
  iouBranch = true,
  cost,
  ...options
}: PaaNetworkOptions): (context: NetworkContext) => Paa {
  const { levels = 5, anchorScale = 8 } = options;
  return (context) => {
    const { sizes, ...networks } = pyramidNetwork(options, context);
    return paa({
      ...networks,
      head: paaHead({ ...sizes, iouBranch, ...(probability && { probability }) }),
      ...(cost && { cost }),
      anchors: { ...paaAnchors, strides: paaAnchors.strides.slice(0, levels), scale: anchorScale },
    });
  };
}
