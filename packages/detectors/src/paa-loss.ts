import type { DeltaCoder } from "@lad/boxes";
import { type Assignment, LadError, type NdArray } from "@lad/core";
import { binaryCrossEntropyWithLogits, giouLoss, iouAligned } from "@lad/losses";
import type { Losses } from "@lad/tensor";
import * as tf from "@tensorflow/tfjs-core";
import { classFocal } from "./class-focal";
import { anchorRows, decodedRows, outputRows } from "./dense-rows";
import type { PaaLossOptions } from "./paa-options";
import type { PaaOut } from "./paa-out";

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
export function paaLoss(out: PaaOut, targets: Assignment, context: PaaLossContext): Losses {
  return tf.tidy(() => {
    const [batch, count, classes] = out.classes.shape;
    checkGrid(targets, batch, count);
    const positives = targets.numPositives.reduce((sum, value) => sum + value, 0);
    const focal = classFocal(context.form, tf.reshape(out.classes, [batch * count, classes]), targets.labels, {
      alpha: context.alpha,
      gamma: context.gamma,
      weights: targets.labelWeights,
    });
    const loss_cls = tf.mul(focal, context.classWeight / Math.max(positives, batch)) as tf.Scalar;
    return { loss_cls, ...(positives > 0 ? positiveLosses(out, targets, positives, context) : unusedBranches(out)) };
  });
}

/** An assignment belongs to one grid; a teacher's must be the student's. */
function checkGrid({ labels }: Assignment, batch: number, anchors: number): void {
  if (labels.length === batch * anchors) return;
  throw new LadError(
    "SHAPE_MISMATCH",
    `paa.loss: the assignment labels ${labels.length} anchors, the outputs have ${batch} · ${anchors}; teacher and student must share strides and anchors per cell`,
  );
}

function positiveLosses(out: PaaOut, targets: Assignment, positives: number, context: PaaLossContext): Losses {
  const rows = positiveRows(targets.labels, context.classes);
  const boxes = decodedRows(out.deltas, rows, anchorRows(context.anchors, rows), context.coder);
  const wanted = tf.tensor2d(
    Float32Array.from({ length: rows.length * 4 }, (_, i) => targets.boxes[rows[i >> 2]! * 4 + (i & 3)]!),
    [rows.length, 4],
  );
  const overlap = iouAligned(boxes, wanted); // [P], no gradient
  const distance = giouLoss(boxes, wanted);
  const boxLoss =
    targets.boxWeighting === "iou"
      ? tf.div(tf.sum(tf.mul(tf.maximum(overlap, 1e-12), distance)), tf.maximum(tf.sum(overlap), 1e-12))
      : tf.div(tf.sum(distance), positives);
  const loss_bbox = tf.mul(boxLoss, context.boxWeight) as tf.Scalar;
  if (!out.iouLogits) return { loss_bbox };
  const iouLogits = tf.reshape(outputRows(out.iouLogits, rows), [rows.length]);
  const entropy = tf.sum(binaryCrossEntropyWithLogits(iouLogits, overlap));
  return { loss_bbox, loss_iou: tf.mul(entropy, context.iouWeight / positives) as tf.Scalar };
}

/** Zero, but connected: weights of branches without a positive still receive a gradient (of 0) and so decay and momentum, as in the reference. */
function unusedBranches({ deltas, iouLogits }: PaaOut): Losses {
  const zero = (output: tf.Tensor) => tf.mul(tf.sum(output), 0) as tf.Scalar;
  return { loss_bbox: zero(deltas), ...(iouLogits && { loss_iou: zero(iouLogits) }) };
}

function positiveRows(labels: Int32Array, classes: number): Int32Array {
  const rows: number[] = [];
  labels.forEach((label, row) => {
    if (label < classes) rows.push(row);
  });
  return Int32Array.from(rows);
}
