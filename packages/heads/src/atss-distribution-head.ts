import { type DistributionHead, type DistributionHeadOptions, distributionHead } from "./distribution-head";

/** ATSS' head whose boxes are distributions (`ATSSGFLHead` of the LD repository): classes, distributions, centre-ness. */
export function atssDistributionHead(options: DistributionHeadOptions): DistributionHead {
  return distributionHead(options, {
    names: { classes: "atss_cls", boxes: "atss_reg", quality: "atss_centerness" },
  });
}
