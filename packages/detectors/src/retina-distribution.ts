import { assignMaxIou, type MaxIouOptions, matchedAssignment } from "@lad/assigners";
import type { AnchorGrid } from "@lad/core";
import type { DistributionHead } from "@lad/heads";
import type { DetectOptions } from "@lad/tensor";
import { type DenseNetworks, denseDetector } from "./dense-detector";
import { distributionCoding } from "./distribution-coding";
import { type DistributionDetector, withDistributions } from "./distribution-detector";
import { type PointLossOptions, pointLoss, pointLossDefaults } from "./point-loss";

export type RetinaDistributionOptions = DenseNetworks<DistributionHead> & {
  readonly anchors?: AnchorGrid;
  readonly assigner?: Partial<
    Pick<MaxIouOptions, "positiveIou" | "negativeIou" | "minPositiveIou" | "ignoreIofThreshold">
  >;
  readonly loss?: Partial<PointLossOptions>;
  /** Defaults of `detect`. */
  readonly detect?: DetectOptions;
};

/** RetinaNet's anchors: at every cell 3 octaves of 4 strides in 3 shapes. */
export const retinaAnchors: AnchorGrid = {
  strides: [8, 16, 32, 64, 128],
  scale: 4,
  scalesPerOctave: 3,
  ratios: [0.5, 1, 2],
  offset: 0,
};

/**
 * RetinaNet (arXiv 1708.02002) whose boxes are distributions: the student and teacher of the LD repository's RetinaNet experiment. Nine anchors a cell, assigned by
 * IoU (0.5 / 0.4); a side's distance counts from the anchor's centre, in strides, so the anchor's shape matters to the assignment alone. Parameters as in its
 * `RetinaGFLHead`.
 */
export function retinaDistribution({
  name = "retina",
  head,
  anchors = retinaAnchors,
  assigner: { positiveIou = 0.5, negativeIou = 0.4, minPositiveIou = 0, ignoreIofThreshold = -1 } = {},
  loss,
  ...rest
}: RetinaDistributionOptions): DistributionDetector {
  const { classes, binCount } = head;
  const coding = distributionCoding(binCount);
  const context = { ...pointLossDefaults, ...loss, coding, classes };
  const limits = { positiveIou, negativeIou, minPositiveIou, ignoreIofThreshold };
  const detector = denseDetector({
    name,
    head,
    anchors,
    coding,
    ...rest,
    assign(batch, grid, valid) {
      const matched = batch.boxes.map((boxes, image) =>
        assignMaxIou(grid.anchors, boxes, { ...limits, valid: valid[image]!, ignoreBoxes: batch.ignoreBoxes[image]! }),
      );
      return matchedAssignment(matched, batch, classes);
    },
    loss: (out, targets, grid) => pointLoss(name, out, targets, { ...context, grid }),
  });
  return withDistributions(detector, binCount);
}
