import { fpn, type ResnetOptions, resnet } from "@lad/backbones";
import { type Paa, type PaaOptions, paa, paaAnchors } from "@lad/detectors";
import { type PaaHeadOptions, paaHead } from "@lad/heads";
import type { NetworkContext } from "./config";

export type PaaNetworkOptions = {
  readonly depth: ResnetOptions["depth"];
  /** Width of the backbone's stem. Default 64. */
  readonly baseChannels?: number;
  /** Width of the pyramid and of the head's towers. Default 256. */
  readonly channels?: number;
  /** Convolutions per tower of the head. Default 4. */
  readonly stackedConvs?: number;
  /** Groups of the head's group norms. Default 32. */
  readonly groups?: number;
  /** Pyramid levels from stride 8 on. Default 5. */
  readonly levels?: number;
  /** Side of the anchors in strides. Default 8. */
  readonly anchorScale?: number;
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
  depth,
  baseChannels = 64,
  channels = 256,
  stackedConvs = 4,
  groups = 32,
  levels = 5,
  anchorScale = 8,
  probability,
  iouBranch = true,
  cost,
}: PaaNetworkOptions): (context: NetworkContext) => Paa {
  return ({ classes, random, pretrained }) => {
    const rules = pretrained ? ({ frozenStages: 1, statistics: "stored" } as const) : {};
    const backbone = resnet({ depth, baseChannels, random, ...rules });
    const sizes = { classes, stackedConvs, groups, levels, random };
    return paa({
      backbone,
      neck: fpn({ in: backbone.channels, out: channels, levels, random }),
      head: paaHead({ ...sizes, in: channels, channels, iouBranch, ...(probability && { probability }) }),
      anchors: { ...paaAnchors, strides: paaAnchors.strides.slice(0, levels), scale: anchorScale },
      ...(cost && { cost }),
    });
  };
}
