import {
  type Backbone,
  type FpnOptions,
  fpn,
  type Pyramid,
  type ResnetOptions,
  res2net,
  resnet,
  resnext,
} from "@lad/backbones";
import type { NetworkContext } from "./config";

export type PyramidNetworkOptions = {
  readonly depth: ResnetOptions["depth"];
  /** Kind of the backbone; default a ResNet, else ResNeXt 32×4d or Res2Net 26w×4s of depth 50 or 101. */
  readonly backbone?: "resnet" | "resnext" | "res2net";
  /** Stages of the backbone with deformable convolutions. */
  readonly deformable?: ResnetOptions["deformable"];
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
  /** How the pyramid's extra levels are made; default from the output of its last one, without relu. */
  readonly pyramid?: Pick<FpnOptions, "extra" | "reluBeforeExtra">;
};

export type HeadSizes = Required<Pick<PyramidNetworkOptions, "channels" | "stackedConvs" | "groups" | "levels">> &
  Pick<NetworkContext, "classes" | "random"> & { readonly in: number };

/** What the recipes' detectors share: a backbone, a feature pyramid, and the sizes of the head on it. */
export function pyramidNetwork(
  {
    depth,
    baseChannels = 64,
    channels = 256,
    stackedConvs = 4,
    groups = 32,
    levels = 5,
    pyramid,
    backbone: kind = "resnet",
    deformable,
  }: PyramidNetworkOptions,
  { classes, random, pretrained }: NetworkContext,
): { readonly backbone: Backbone; readonly neck: Pyramid; readonly sizes: HeadSizes } {
  const rules = pretrained ? ({ frozenStages: 1, statistics: "stored" } as const) : {};
  const backbone = backboneOf(kind, { depth, baseChannels, random, ...(deformable && { deformable }), ...rules });
  return {
    backbone,
    neck: fpn({ in: backbone.channels, out: channels, levels, random, ...pyramid }),
    sizes: { classes, stackedConvs, groups, levels, random, in: channels, channels },
  };
}

function backboneOf(kind: NonNullable<PyramidNetworkOptions["backbone"]>, options: ResnetOptions): Backbone {
  if (kind === "resnet") return resnet(options);
  const depth = options.depth as 50 | 101; // which the backbone checks
  return (kind === "resnext" ? resnext : res2net)({ ...options, depth });
}
