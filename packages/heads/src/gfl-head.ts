import { type DistributionHead, type DistributionHeadOptions, distributionHead } from "./distribution-head";

/** The head of Generalized Focal Loss (arXiv 2006.04388): class logits and distributions, named and initialised as in mmdet 2.10. */
export function gflHead(options: DistributionHeadOptions): DistributionHead {
  return distributionHead(options, { names: { classes: "gfl_cls", boxes: "gfl_reg" } });
}
