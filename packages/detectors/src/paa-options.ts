import type { Backbone, Pyramid } from "@lad/backbones";
import type { DeltaCoder } from "@lad/boxes";
import type { AnchorGrid } from "@lad/core";
import type { PaaHead } from "@lad/heads";
import type { DetectOptions } from "@lad/tensor";

export type PaaOptions = {
  readonly name?: string;
  readonly backbone: Backbone;
  readonly neck: Pyramid;
  readonly head: PaaHead;
  readonly anchors?: AnchorGrid;
  /** Normalisation of the box deltas (dx, dy, dw, dh). */
  readonly coder?: DeltaCoder;
  readonly preAssign?: PaaPreAssignOptions;
  readonly loss?: Partial<PaaLossOptions>;
  readonly cost?: PaaCostForm;
  /** Cheapest candidates per ground truth and level that enter the mixture. */
  readonly topk?: number;
  /** Defaults of `detect`. */
  readonly detect?: DetectOptions;
};

export type PaaPreAssignOptions = {
  /** IoU from which an anchor is a candidate of its best ground truth. */
  readonly positiveIou?: number;
  /** IoU below which an anchor is background. */
  readonly negativeIou?: number;
  /** Least best IoU of a ground truth that is given its best anchors whatever their IoU. */
  readonly minPositiveIou?: number;
  /** Anchors covered by an ignore box for more than this share are ignored; not used if ≤ 0. */
  readonly ignoreIofThreshold?: number;
};

/** The cost of an anchor: focal loss + boxWeight · (1 - overlap). The paper's equation is `{ box: "iou", boxWeight: 1 }`. */
export type PaaCostForm = {
  /** How the box overlaps its target. Default "giou", as the reference's code. */
  readonly box?: "giou" | "iou";
  /** Default: that of the loss. */
  readonly boxWeight?: number;
};

export type PaaLossOptions = {
  readonly alpha: number;
  readonly gamma: number;
  readonly classWeight: number;
  /** Of 1 - GIoU, in the loss and, unless `cost` says otherwise, in the cost of an anchor. */
  readonly boxWeight: number;
  readonly iouWeight: number;
};

/** One square anchor of 8 strides at the corner of every cell, strides 8 to 128. */
export const paaAnchors: AnchorGrid = {
  strides: [8, 16, 32, 64, 128],
  scale: 8,
  scalesPerOctave: 1,
  ratios: [1],
  offset: 0,
};

export const paaCoder: DeltaCoder = { means: [0, 0, 0, 0], stds: [0.1, 0.1, 0.2, 0.2] };

export const paaLossDefaults: PaaLossOptions = {
  alpha: 0.25,
  gamma: 2,
  classWeight: 1,
  boxWeight: 1.3,
  iouWeight: 0.5,
};

export const paaDetectDefaults: Required<DetectOptions> = {
  scoreThreshold: 0.05,
  iouThreshold: 0.6,
  perLevel: 1000,
  perImage: 100,
  voting: true,
  rescale: true,
};
