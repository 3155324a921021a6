import type { DeltaCoder } from "@lad/boxes";
import type { Assignment, NdArray } from "@lad/core";
import { binaryCrossEntropyWithLogits, giouLoss, iouAligned } from "@lad/losses";
import type { Losses } from "@lad/tensor";
import * as tf from "@tensorflow/tfjs-core";
import { classFocal } from "./class-focal";
import type { DenseOut } from "./dense-out";
import {
  anchorRows,
  boxesAt,
  checkGrid,
  connectedZero,
  decodedRows,
  flatRows,
  outputRows,
  positiveRows,
} from "./dense-rows";
import type { PaaLossOptions } from "./paa-options";

export type PaaLossContext = PaaLossOptions & {
  readonly anchors: NdArray;
  readonly coder: DeltaCoder;
  readonly form: "logits" | "probabilities";
  readonly classes: number;
};

/**
 * `loss_cls` = focal over all anchors / max(positives, images); over positives, with t = IoU(decoded box, gt) without gradient:
 * `loss_iou` = iouWeight · Σ BCE(iou logit, t) / positives; `loss_bbox` = boxWeight · Σ t (1 - GIoU) / Σ t where the assignment weighs
 * boxes by IoU (PAA's own), else boxWeight · Σ (1 - GIoU) / positives (a LAD teacher's). Numerics follow mmdet 2.10's PAAHead.
 * @throws {LadError} SHAPE_MISMATCH if the assignment was made on another grid.
 */
export function paaLoss(out: DenseOut, targets: Assignment, context: PaaLossContext): Losses {
  return tf.tidy(() => {
    checkGrid(targets, out.classes, "paa.loss");
    const [batch] = out.classes.shape;
    const positives = targets.numPositives.reduce((sum, value) => sum + value, 0);
    const focal = classFocal(context.form, flatRows(out.classes), targets.labels, {
      alpha: context.alpha,
      gamma: context.gamma,
      weights: targets.labelWeights,
    });
    const loss_cls = tf.mul(focal, context.classWeight / Math.max(positives, batch)) as tf.Scalar;
    return { loss_cls, ...(positives > 0 ? positiveLosses(out, targets, positives, context) : unusedBranches(out)) };
  });
}

function positiveLosses(out: DenseOut, targets: Assignment, positives: number, context: PaaLossContext): Losses {
  const rows = positiveRows(targets.labels, context.classes);
  const boxes = decodedRows(out.boxes, rows, anchorRows(context.anchors, rows), context.coder);
  const wanted = tf.tensor2d(boxesAt(targets.boxes, rows), [rows.length, 4]);
  const overlap = iouAligned(boxes, wanted); // [P], no gradient
  const distance = giouLoss(boxes, wanted);
  const boxLoss =
    targets.boxWeighting === "iou"
      ? tf.div(tf.sum(tf.mul(tf.maximum(overlap, 1e-12), distance)), tf.maximum(tf.sum(overlap), 1e-12))
      : tf.div(tf.sum(distance), positives);
  const loss_bbox = tf.mul(boxLoss, context.boxWeight) as tf.Scalar;
  if (!out.quality) return { loss_bbox };
  const iouLogits = tf.reshape(outputRows(out.quality, rows), [rows.length]);
  const entropy = tf.sum(binaryCrossEntropyWithLogits(iouLogits, overlap));
  return { loss_bbox, loss_iou: tf.mul(entropy, context.iouWeight / positives) as tf.Scalar };
}

function unusedBranches({ boxes, quality }: DenseOut): Losses {
  return { loss_bbox: connectedZero(boxes), ...(quality && { loss_iou: connectedZero(quality) }) };
}
