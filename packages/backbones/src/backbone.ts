import type { Mode, Params } from "@lad/tensor";
import type * as tf from "@tensorflow/tfjs-core";

/** Maps an image to feature maps, fine to coarse. */
export type Backbone = {
  readonly params: Params;
  /** Channels of the maps that `forward` returns. */
  readonly channels: readonly number[];
  /** Their strides in px. */
  readonly strides: readonly number[];
  /** `[B, H, W, 3]` to the maps C2…C5; odd sizes round up. */
  forward(images: tf.Tensor4D, mode?: Mode): tf.Tensor4D[];
};
