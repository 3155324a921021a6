import { type AtssOptions, assignAtss } from "@lad/assigners";
import type { AnchorGrid } from "@lad/core";
import type { DistributionHead } from "@lad/heads";
import type { DetectOptions } from "@lad/tensor";
import { type DenseNetworks, denseDetector } from "./dense-detector";
import { distributionCoding } from "./distribution-coding";
import { type DistributionDetector, withDistributions } from "./distribution-detector";
import { type GflLossOptions, gflLoss, gflLossDefaults } from "./gfl-loss";
import { paaAnchors } from "./paa-options";

export type GflOptions = DenseNetworks<DistributionHead> & {
  readonly anchors?: AnchorGrid;
  readonly assigner?: AtssOptions;
  readonly loss?: Partial<GflLossOptions>;
  /** Defaults of `detect`. */
  readonly detect?: DetectOptions;
  /** Let `detect` emit GFocal V2's channel beyond the classes, as the reference's head does. */
  readonly keepBackground?: boolean;
};

/**
 * Generalized Focal Loss (GFocal, arXiv 2006.04388): class scores that are the box's quality, boxes told by distributions, anchors assigned by ATSS.
 * With `gflHead` it is GFocal V1, with `gflV2Head` GFocal V2 (arXiv 2011.12885). Parameters `backbone.*`, `neck.*`, `bbox_head.*` as in mmdet 2.10.
 */
export function gfl({
  name = "gfl",
  head,
  anchors = paaAnchors,
  assigner,
  loss,
  keepBackground = false,
  ...rest
}: GflOptions): DistributionDetector {
  const { classes, form, binCount } = head;
  const coding = distributionCoding(binCount);
  const context = { ...gflLossDefaults, ...loss, coding, binCount, form, classes };
  const detector = denseDetector({
    name,
    head,
    anchors,
    coding,
    keepBackground,
    ...rest,
    assign: (batch, grid, valid) => assignAtss(grid.anchors, grid.levelSizes, batch, valid, { classes, ...assigner }),
    loss: (out, targets, grid) => gflLoss(out, targets, { ...context, grid }),
  });
  return withDistributions(detector, binCount);
}
