import type { Assignment } from "@lad/core";
import { binaryCrossEntropyWithLogits, giouLoss } from "@lad/losses";
import type { Losses } from "@lad/tensor";
import * as tf from "@tensorflow/tfjs-core";
import type { BoxCoding } from "./box-coding";
import { classFocal } from "./class-focal";
import type { GridAnchors } from "./dense-grid";
import type { DenseOut } from "./dense-out";
import { boxesAt, checkGrid, connectedZero, flatRows, outputRows, positiveRows } from "./dense-rows";
import { centreDistances } from "./distribution-coding";

export type PointLossOptions = {
  readonly alpha: number;
  readonly gamma: number;
  readonly classWeight: number;
  readonly boxWeight: number;
  readonly qualityWeight: number;
  /** Of rows `[P, 4]`. */
  boxLoss(predicted: tf.Tensor2D, wanted: tf.Tensor2D): tf.Tensor1D;
  /** What losses are divided by at least: 1 positive an image, or 1 a batch. */
  readonly floor: "image" | "batch";
};

export const pointLossDefaults: PointLossOptions = {
  alpha: 0.25,
  gamma: 2,
  classWeight: 1,
  boxWeight: 2,
  qualityWeight: 1,
  boxLoss: giouLoss,
  floor: "image",
};

export type PointLossContext = PointLossOptions & {
  readonly grid: GridAnchors;
  readonly coding: BoxCoding;
  readonly classes: number;
};

/**
 * Losses of ATSS, FCOS and RetinaNet. N = the positives, floored: `loss_cls` = focal loss / N. A head with a centre-ness branch has, over positives with c = centre-ness
 * of the anchor's centre in its ground truth (arXiv 1904.01355 eq. 3), `loss_bbox` = boxWeight · Σ c (1 - GIoU) / Σ c and `loss_centerness` = Σ BCE(logit, c) / N;
 * another has `loss_bbox` = boxWeight · Σ (1 - GIoU) / N. Without positives all but the first are 0. Numerics follow mmdet 2.10.
 * @throws {LadError} SHAPE_MISMATCH, naming `where`, if the assignment was made on another grid.
 */
export function pointLoss(where: string, out: DenseOut, targets: Assignment, context: PointLossContext): Losses {
  checkGrid(targets, out.classes, `${where}.loss`);
  return tf.tidy(() => {
    const { alpha, gamma, classWeight } = context;
    const total = sampleCount(targets, context.floor);
    const focal = classFocal("logits", flatRows(out.classes), targets.labels, {
      alpha,
      gamma,
      weights: targets.labelWeights,
    });
    const rows = positiveRows(targets.labels, context.classes);
    return {
      loss_cls: tf.mul(focal, classWeight / total) as tf.Scalar,
      ...(rows.length > 0 ? positiveLosses(out, targets, rows, { ...context, total }) : unusedBranches(out)),
    };
  });
}

function sampleCount({ numPositives }: Assignment, floor: "image" | "batch"): number {
  const least = floor === "image" ? 1 : 0;
  return Math.max(
    numPositives.reduce((sum, count) => sum + Math.max(count, least), 0),
    1,
  );
}

function positiveLosses(
  out: DenseOut,
  targets: Assignment,
  rows: Int32Array,
  { grid, coding, boxLoss, boxWeight, qualityWeight, total }: PointLossContext & { readonly total: number },
): Losses {
  const { predicted, wanted } = coding.align(outputRows(out.boxes, rows), rows, targets.boxes, grid);
  const distance = boxLoss(predicted, wanted);
  if (!out.quality) return { loss_bbox: tf.mul(tf.sum(distance), boxWeight / total) as tf.Scalar };
  const centreness = centrenessAt(rows, targets.boxes, grid);
  const sum = centreness.reduce((all, value) => all + value, 0) || 1;
  const weights = tf.tensor1d(centreness);
  const logits = tf.reshape(outputRows(out.quality, rows), [rows.length]) as tf.Tensor1D;
  return {
    loss_bbox: tf.mul(tf.sum(tf.mul(distance, weights)), boxWeight / sum) as tf.Scalar,
    loss_centerness: tf.mul(tf.sum(binaryCrossEntropyWithLogits(logits, weights)), qualityWeight / total) as tf.Scalar,
  };
}

/** sqrt(min(l, r) / max(l, r) · min(t, b) / max(t, b)) of anchors' centres; 0 for a centre outside its box, which a foreign assignment may have. */
function centrenessAt(rows: Int32Array, boxes: Float32Array, grid: GridAnchors): Float32Array {
  const distances = centreDistances(rows, boxesAt(boxes, rows), grid);
  return Float32Array.from(rows, (_, at) => {
    const [left, top, right, bottom] = distances.subarray(at * 4, at * 4 + 4) as unknown as [
      number,
      number,
      number,
      number,
    ];
    const across = Math.min(left, right) / Math.max(left, right);
    const down = Math.min(top, bottom) / Math.max(top, bottom);
    return across > 0 && down > 0 ? Math.sqrt(across * down) : 0;
  });
}

function unusedBranches({ boxes, quality }: DenseOut): Losses {
  return { loss_bbox: connectedZero(boxes), ...(quality && { loss_centerness: connectedZero(quality) }) };
}
