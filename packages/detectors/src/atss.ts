import { type AtssOptions, assignAtss } from "@lad/assigners";
import type { DeltaCoder } from "@lad/boxes";
import type { AnchorGrid } from "@lad/core";
import type { DenseHead } from "@lad/heads";
import type { DetectOptions, Params } from "@lad/tensor";
import { deltaCoding } from "./delta-coding";
import { type DenseDetector, type DenseNetworks, denseDetector } from "./dense-detector";
import { distributionCoding } from "./distribution-coding";
import { type DistributionDetector, withDistributions } from "./distribution-detector";
import { paaAnchors, paaCoder } from "./paa-options";
import { type PointLossOptions, pointLoss, pointLossDefaults } from "./point-loss";

export type AtssDetectorOptions<Head> = DenseNetworks<DenseHead & { readonly params: Params } & Head> & {
  readonly anchors?: AnchorGrid;
  readonly assigner?: AtssOptions;
  readonly loss?: Partial<PointLossOptions>;
  /** Normalisation of the box deltas, of a head that predicts deltas. */
  readonly coder?: DeltaCoder;
  /** Defaults of `detect`. */
  readonly detect?: DetectOptions;
};

/**
 * ATSS (arXiv 1912.02424): anchors assigned by the statistics of their IoU, focal class scores, centre-ness. With `paaHead` boxes are deltas, with
 * `atssDistributionHead` distributions as in the LD repository's ATSS students, so that localization distillation applies. Parameters as in mmdet 2.10.
 */
export function atss(options: AtssDetectorOptions<{ readonly binCount: number }>): DistributionDetector;
export function atss(options: AtssDetectorOptions<unknown>): DenseDetector;
export function atss({
  name = "atss",
  head,
  anchors = paaAnchors,
  assigner,
  loss,
  coder = paaCoder,
  ...rest
}: AtssDetectorOptions<{ readonly binCount?: number }>): DenseDetector {
  const { classes, binCount } = head;
  const coding = binCount ? distributionCoding(binCount) : deltaCoding(coder);
  const context = { ...pointLossDefaults, ...loss, coding, classes };
  const detector = denseDetector({
    name,
    head,
    anchors,
    coding,
    ...rest,
    assign: (batch, grid, valid) => assignAtss(grid.anchors, grid.levelSizes, batch, valid, { classes, ...assigner }),
    loss: (out, targets, grid) => pointLoss(name, out, targets, { ...context, grid }),
  });
  return binCount ? withDistributions(detector, binCount) : detector;
}
