import { maximum } from "@lad/nn";
import * as tf from "@tensorflow/tfjs-core";
import { alignedOverlap, area, hullSize } from "./aligned-overlap";
import { checkBoxes, checkPositive } from "./check";
import { fusedLoss } from "./fused-loss";

export type IouLossOptions = {
  /** Lower bound of the union's and the hull's area, px². */
  readonly eps?: number;
};

/**
 * Generalised IoU loss of row-aligned boxes: `1 − (IoU − (hull − union) / hull)`, in [0, 2] for boxes that are not inverted.
 * Equal corners share the gradient in halves, as in torch.
 * @param predicted `[N, 4]` xyxy px. N may be 0.
 * @param target `[N, 4]` xyxy px.
 * @returns `[N]`, not reduced.
 * @throws {LadError} SHAPE_MISMATCH unless both are `[N, 4]`, INVALID_ARGUMENT if eps is not positive.
 * @see arXiv:1902.09630 Alg. 2. Numerics follow mmdet 2.10 `giou_loss`.
 */
export function giouLoss(
  predicted: tf.Tensor2D,
  target: tf.Tensor2D,
  { eps = 1e-6 }: IouLossOptions = {},
): tf.Tensor1D {
  checkBoxes("giouLoss", { predicted, target });
  checkPositive("giouLoss", "eps", eps);
  const fused = fusedLoss("LadGiouLoss", { predicted, target }, () => ({}), { eps });
  if (fused) return fused as tf.Tensor1D;
  return tf.tidy(() => {
    const overlap = alignedOverlap(predicted, target, eps);
    const hull = maximum<tf.Tensor1D>(area(hullSize(overlap)), tf.scalar(eps));
    const waste = tf.div(tf.sub(hull, overlap.union), hull);
    return tf.add(tf.sub(1, overlap.iou), waste) as tf.Tensor1D;
  });
}
