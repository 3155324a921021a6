import type { Tensor4D } from "@tensorflow/tfjs-core";

/** Raw outputs of one pyramid level; A anchors a cell. */
export type DenseLevel = {
  /** Class logits, or probabilities (the head's `form` says which), `[B, H, W, A·C]`. */
  readonly classes: Tensor4D;
  /** What the head tells boxes by, after the level's scale: deltas `[B, H, W, A·4]` or logits of distributions `[B, H, W, A·4·bins]`. */
  readonly boxes: Tensor4D;
  /** Logit of the predicted box's IoU or of its centre-ness `[B, H, W, A]`; none in a head without that branch. */
  readonly quality?: Tensor4D;
  /** Class logits `[B, H, W, A·C]` where `classes` are probabilities made of them and of something else. */
  readonly logits?: Tensor4D;
};

/** What a detector needs to know of its head. */
export type DenseHead = {
  /** Without background. */
  readonly classes: number;
  /** What `DenseLevel.classes` are. */
  readonly form: "logits" | "probabilities";
  /** The head is shared by all levels but for one scale each. */
  forward(levels: readonly Tensor4D[]): DenseLevel[];
};
