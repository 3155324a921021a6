import { type AssignFcosOptions, assignFcos } from "@lad/assigners";
import type { AnchorGrid } from "@lad/core";
import type { DistributionHead } from "@lad/heads";
import type { DetectOptions } from "@lad/tensor";
import { type DenseNetworks, denseDetector } from "./dense-detector";
import { distributionCoding } from "./distribution-coding";
import { type DistributionDetector, withDistributions } from "./distribution-detector";
import { type PointLossOptions, pointLoss, pointLossDefaults } from "./point-loss";

export type FcosDistributionOptions = DenseNetworks<DistributionHead> & {
  /** px per cell, fine to coarse. */
  readonly strides?: readonly number[];
  readonly assigner?: Partial<Pick<AssignFcosOptions, "ranges" | "radius">>;
  readonly loss?: Partial<PointLossOptions>;
  /** Defaults of `detect`. */
  readonly detect?: DetectOptions;
};

/** FCOS' points, the cells' centres, as a grid of one square anchor each. */
export function pointGrid(strides: readonly number[]): AnchorGrid {
  return { strides, scale: 8, scalesPerOctave: 1, ratios: [1], offset: 0.5 };
}

/**
 * FCOS (arXiv 1904.01355) whose boxes are distributions: the student and teacher of the LD repository's FCOS experiment. Every cell's centre is a point, assigned
 * by size range with centre sampling; focal class scores, centre-ness, no distribution focal loss. Parameters as in its `FCOSGFLHead`.
 */
export function fcosDistribution({
  name = "fcos",
  head,
  strides = [8, 16, 32, 64, 128],
  assigner,
  loss,
  ...rest
}: FcosDistributionOptions): DistributionDetector {
  const { classes, binCount } = head;
  const coding = distributionCoding(binCount);
  const context = { ...pointLossDefaults, boxWeight: 1, floor: "batch" as const, ...loss, coding, classes };
  const detector = denseDetector({
    name,
    head,
    anchors: pointGrid(strides),
    coding,
    ...rest,
    assign: (batch, grid) => assignFcos(grid.anchors, grid.levelSizes, batch, { classes, strides, ...assigner }),
    loss: (out, targets, grid) => pointLoss(name, out, targets, { ...context, grid }),
  });
  return withDistributions(detector, binCount);
}
