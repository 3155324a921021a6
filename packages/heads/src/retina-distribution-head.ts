import { type DistributionHead, type DistributionHeadOptions, distributionHead } from "./distribution-head";

/**
 * RetinaNet's head whose boxes are distributions (`RetinaGFLHead` of the LD repository): 9 anchors a cell, towers without norm, no scales. Its output
 * convolutions are called `atss_*` there.
 */
export function retinaDistributionHead({
  groups = 0,
  anchorsPerCell = 9,
  ...options
}: DistributionHeadOptions): DistributionHead {
  return distributionHead(
    { ...options, groups, anchorsPerCell },
    { names: { classes: "atss_cls", boxes: "atss_reg" }, scaled: false },
  );
}
