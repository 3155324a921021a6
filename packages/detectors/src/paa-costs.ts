import type { DeltaCoder } from "@lad/boxes";
import type { NdArray, PreAssignment } from "@lad/core";
import { giouLoss, iouAligned } from "@lad/losses";
import { borrow } from "@lad/tensor";
import * as tf from "@tensorflow/tfjs-core";
import { classFocal } from "./class-focal";
import type { DenseOut } from "./dense-out";
import { anchorRows, decodedRows, outputRows } from "./dense-rows";
import type { PaaCostForm, PaaLossOptions } from "./paa-options";

export type PaaCostOptions = Pick<PaaLossOptions, "alpha" | "gamma" | "classWeight" | "boxWeight"> & {
  readonly box?: PaaCostForm["box"];
  readonly anchors: NdArray;
  readonly coder: DeltaCoder;
  readonly form: "logits" | "probabilities";
};

/**
 * The cost of every candidate: focal loss summed over all classes + boxWeight · (1 - GIoU, or IoU, of its decoded box). No gradient; the IoU branch
 * does not enter (spec: PAA, arXiv 2007.08103 §3.1; numerics follow mmdet 2.10). Per image, in the order of `pre`'s candidates.
 */
export async function paaCosts(out: DenseOut, pre: PreAssignment, options: PaaCostOptions): Promise<Float32Array[]> {
  const counts = pre.images.map(({ candidates }) => candidates.length);
  const total = counts.reduce((sum, count) => sum + count, 0);
  if (total === 0) return counts.map(() => new Float32Array(0));
  const { rows, labels, targets } = candidateRows(pre, total);
  const { anchors, coder, form, alpha, gamma, classWeight, box = "giou", boxWeight } = options;
  const costs = tf.tidy(() => {
    const focal = classFocal(form, outputRows(out.classes, rows), labels, { alpha, gamma, reduction: "row" }); // [P]
    const boxes = decodedRows(out.boxes, rows, anchorRows(anchors, rows), coder);
    const gts = tf.tensor2d(targets, [total, 4]);
    const distance = box === "giou" ? giouLoss(boxes, gts) : tf.sub(1, iouAligned(boxes, gts));
    return tf.add(tf.mul(focal, classWeight), tf.mul(distance, boxWeight));
  });
  try {
    return await borrow(costs, (values) => {
      let end = 0;
      return counts.map((count) => {
        end += count;
        return Float32Array.from(values.subarray(end - count, end));
      });
    });
  } finally {
    costs.dispose();
  }
}

/** The candidates of all images as rows of the flattened batch. */
function candidateRows(
  pre: PreAssignment,
  total: number,
): { rows: Int32Array; labels: Int32Array; targets: Float32Array } {
  const rows = new Int32Array(total);
  const labels = new Int32Array(total);
  const targets = new Float32Array(total * 4);
  let offset = 0;
  pre.images.forEach((image, index) => {
    const { candidates } = image;
    for (let candidate = 0; candidate < candidates.length; candidate++) {
      const anchor = candidates[candidate]!;
      rows[offset + candidate] = index * pre.anchorsPerImage + anchor;
      labels[offset + candidate] = image.labels[anchor]!;
    }
    targets.set(image.targets, offset * 4);
    offset += candidates.length;
  });
  return { rows, labels, targets };
}
