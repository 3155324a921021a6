import { pairwiseIou } from "@lad/boxes";
import { type NdArray, ndArray } from "@lad/core";
import { type AnyDetector, type Batch, borrow, type HasBoxes } from "@lad/tensor";
import * as tf from "@tensorflow/tfjs-core";
import { detectorGrid } from "./detector-grid";

/** Where a teacher's boxes are worth learning from: rows of the flattened batch (image · A + anchor), image-major. */
export type KeptRegions = {
  readonly rows: Int32Array;
  /** Best IoU of each row's box with a ground truth. */
  readonly weights: Float32Array;
  /** Σ weights. */
  readonly total: number;
  /** Rows per image. */
  readonly counts: readonly number[];
};

type Grid = Pick<AnyDetector, "name" | "anchors">;

export type KeptRegionsOptions = {
  /** A row is kept if its best IoU is strictly greater. */
  readonly minIou: number;
  /** Measure the teacher's boxes; otherwise the anchors themselves. */
  readonly usePredictedBoxes: boolean;
};

/** Anchors of every image whose box (clipped to the image) overlaps a ground truth; anchors in the batch's padding never do. */
export async function keptRegions<Out>(
  teacher: Grid & HasBoxes<Out>,
  out: Out,
  batch: Batch,
  { minIou, usePredictedBoxes }: KeptRegionsOptions,
): Promise<KeptRegions> {
  const grid = teacher.anchors && detectorGrid(teacher, batch); // without anchors there is no padding to leave out
  const anchored = usePredictedBoxes ? undefined : detectorGrid(teacher, batch).anchors;
  const boxes = tf.tidy(() => tf.concat([...teacher.boxes(out, batch.sizes)], 1)); // [B, A, 4]
  const [, anchors] = boxes.shape as [number, number, number];
  try {
    return await borrow(boxes, (values) => {
      const rows: number[] = [];
      const weights: number[] = [];
      const counts = batch.boxes.map((gts, image) => {
        const before = rows.length;
        const predicted = ndArray(values.subarray(image * anchors * 4, (image + 1) * anchors * 4) as Float32Array, [
          anchors,
          4,
        ]);
        const best = bestIou(anchored ?? predicted, gts);
        const valid = grid?.valid[image];
        best.forEach((iou, anchor) => {
          if (!(iou > minIou) || valid?.[anchor] === 0) return;
          rows.push(image * anchors + anchor);
          weights.push(iou);
        });
        return rows.length - before;
      });
      const total = weights.reduce((sum, weight) => sum + weight, 0);
      return { rows: Int32Array.from(rows), weights: Float32Array.from(weights), total, counts };
    });
  } finally {
    boxes.dispose();
  }
}

/** Best IoU of every box with any ground truth; 0 without one. */
function bestIou(boxes: NdArray, gts: NdArray): Float32Array {
  const count = boxes.shape[0]!;
  const best = new Float32Array(count);
  const gtCount = gts.shape[0]!;
  const overlaps = pairwiseIou(gts, boxes).data;
  for (let gt = 0; gt < gtCount; gt++) {
    for (let box = 0; box < count; box++) best[box] = Math.max(best[box]!, overlaps[gt * count + box]!);
  }
  return best;
}
