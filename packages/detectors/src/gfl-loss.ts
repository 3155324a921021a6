import type { Assignment } from "@lad/core";
import { distributionFocalLoss, giouLoss, iouAligned, qualityFocalLoss } from "@lad/losses";
import { stopGradient } from "@lad/nn";
import type { Losses } from "@lad/tensor";
import * as tf from "@tensorflow/tfjs-core";
import type { BoxCoding } from "./box-coding";
import type { GridAnchors } from "./dense-grid";
import type { DenseOut } from "./dense-out";
import { checkGrid, connectedZero, flatRows, outputRows, positiveRows } from "./dense-rows";
import { distanceTargets } from "./distribution-coding";

export type GflLossOptions = {
  /** Exponent of the quality focal loss. */
  readonly beta: number;
  readonly classWeight: number;
  readonly boxWeight: number;
  readonly distributionWeight: number;
  /** Of rows `[P, 4]`; the published results have GIoU, some configurations of the LD repository CIoU. */
  boxLoss(predicted: tf.Tensor2D, wanted: tf.Tensor2D): tf.Tensor1D;
  /** Added to the sum of box weights that box losses are divided by (1e-6 in the LD repository's heads). */
  readonly weightEpsilon: number;
};

export const gflLossDefaults: GflLossOptions = {
  beta: 2,
  classWeight: 1,
  boxWeight: 2,
  distributionWeight: 0.25,
  boxLoss: giouLoss,
  weightEpsilon: 0,
};

export type GflLossContext = GflLossOptions & {
  readonly grid: GridAnchors;
  readonly coding: BoxCoding;
  readonly binCount: number;
  readonly form: "logits" | "probabilities";
  readonly classes: number;
};

/**
 * Generalized focal loss (arXiv 2006.04388): `loss_cls` = quality focal loss with the IoU of each positive's box as its score / N, N = Σ over images of
 * max(positives, 1); with w = a positive's best class probability, without gradient: `loss_bbox` = boxWeight · Σ w (1 - GIoU) / Σ w and `loss_dfl`
 * = distributionWeight · Σ w DFL over sides / 4 / Σ w. Without positives the last two are 0. Numerics follow mmdet 2.10's GFLHead.
 * @throws {LadError} SHAPE_MISMATCH if the assignment was made on another grid.
 */
export function gflLoss(out: DenseOut, targets: Assignment, context: GflLossContext): Losses {
  checkGrid(targets, out.classes, "gfl.loss");
  return tf.tidy(() => {
    const rows = positiveRows(targets.labels, context.classes);
    const { scores, ...boxLosses } =
      rows.length > 0
        ? boxBranch(out, targets, rows, context)
        : { scores: new Float32Array(targets.labels.length), ...unusedBranch(out) };
    const total = targets.numPositives.reduce((sum, count) => sum + Math.max(count, 1), 0);
    const quality = qualityFocalLoss(flatRows(out.classes), targets.labels, scores, {
      beta: context.beta,
      form: context.form === "logits" ? "logit" : "probability",
      weights: targets.labelWeights,
    });
    return { loss_cls: tf.mul(quality, context.classWeight / total) as tf.Scalar, ...boxLosses };
  });
}

function boxBranch(out: DenseOut, targets: Assignment, rows: Int32Array, context: GflLossContext) {
  const { grid, coding, binCount, boxWeight, distributionWeight, boxLoss, weightEpsilon } = context;
  const outputs = outputRows(out.boxes, rows);
  const { predicted, wanted } = coding.align(outputs, rows, targets.boxes, grid);
  const weights = bestProbability(out, rows, context.form); // [P]
  const sum = tf.add(tf.sum(weights), weightEpsilon);
  const distributions = distributionFocalLoss(
    tf.reshape(outputs, [rows.length * 4, binCount]),
    distanceTargets(rows, targets.boxes, grid, binCount),
    { weights: perSide(weights) },
  );
  const averaged = (loss: tf.Tensor, weight: number) => tf.div(tf.mul(loss, weight), sum) as tf.Scalar;
  return {
    scores: spreadRows(iouAligned(predicted, wanted), rows, targets.labels.length),
    loss_bbox: averaged(tf.sum(tf.mul(boxLoss(predicted, wanted), weights)), boxWeight),
    loss_dfl: averaged(distributions, distributionWeight / 4),
  };
}

function unusedBranch({ boxes }: DenseOut) {
  return { loss_bbox: connectedZero(boxes), loss_dfl: connectedZero(boxes) };
}

/** Best class probability at rows, without gradient: `[P]`. */
export function bestProbability(out: DenseOut, rows: Int32Array, form: "logits" | "probabilities"): tf.Tensor1D {
  return stopGradient(() => {
    const best = tf.max(outputRows(out.classes, rows), 1) as tf.Tensor1D;
    return form === "logits" ? tf.sigmoid(best) : best;
  });
}

/** A number a positive as a number a side, `[4·P]`. */
function perSide(weights: tf.Tensor1D): tf.Tensor1D {
  const rows = weights.shape[0];
  return tf.reshape(tf.tile(tf.reshape(weights, [rows, 1]), [1, 4]), [rows * 4]);
}

/** Numbers at rows of `[count]`, 0 elsewhere. */
function spreadRows(values: tf.Tensor1D, rows: Int32Array, count: number): tf.Tensor1D {
  const places = tf.tensor2d(rows, [rows.length, 1], "int32");
  return stopGradient(() => tf.scatterND(places, values, [count]) as tf.Tensor1D);
}
