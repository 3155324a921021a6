import { type DistributionHead, type DistributionHeadOptions, distributionHead } from "./distribution-head";

/** FCOS' head whose boxes are distributions (`FCOSGFLHead` of the LD repository): classes, distributions, centre-ness on the box tower. */
export function fcosDistributionHead(options: DistributionHeadOptions): DistributionHead {
  return distributionHead(options, {
    names: { classes: "conv_cls", boxes: "conv_reg", quality: "conv_centerness" },
  });
}
