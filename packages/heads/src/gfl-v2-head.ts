import { type DistributionHead, type DistributionHeadOptions, distributionHead } from "./distribution-head";
import { type DistributionQualityOptions, distributionQuality } from "./distribution-quality";

export type GflV2HeadOptions = DistributionHeadOptions & {
  readonly quality?: DistributionQualityOptions;
};

/**
 * The head of GFocal V2 (arXiv 2011.12885): class probabilities sigmoid(logit) · quality, the quality told by the distributions (DGQP). Parameters as
 * in GFocalV2's checkpoints: `gfl_cls` of classes + 1 channels, `reg_conf.*`.
 */
export function gflV2Head({ quality, ...options }: GflV2HeadOptions): DistributionHead {
  return distributionHead(options, {
    names: { classes: "gfl_cls", boxes: "gfl_reg" },
    predictor: distributionQuality(quality),
  });
}
