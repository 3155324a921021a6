import { type Backbone, fpn, type Pyramid } from "@lad/backbones";
import { type ImageSizes, ndArray, random } from "@lad/core";
import { convLayer } from "@lad/nn";
import { type Batch, joinParams, type Network } from "@lad/tensor";
import * as tf from "@tensorflow/tfjs-core";

const size = { height: 64, width: 96 };
const sizes: ImageSizes = { image: size, padded: size, original: size, scale: [1, 1], flipped: false };
export const at = { iteration: 0, epoch: 0, iterations: 1, epochs: 1 };

/** A backbone that pools the image and mixes its colours, and a pyramid of `out` channels: quick on the slowest engine. */
export function tinyNetworks(out = 4): { backbone: Backbone; neck: Pyramid } {
  const strides = [4, 8, 16, 32];
  const mixer = convLayer({ in: 3, out: 4, kernel: 1, random: random(1) });
  const map = (images: tf.Tensor4D, stride: number) => mixer.forward(tf.avgPool(images, stride, stride, "same"));
  const backbone: Backbone = {
    params: joinParams({ mixer: mixer.params }),
    channels: strides.map(() => 4),
    strides,
    forward: (images) => tf.tidy(() => strides.map((stride) => map(images, stride))),
  };
  return { backbone, neck: fpn({ in: backbone.channels, out }) };
}

/** The network with every parameter moved, so that it differs from one made alike. */
export function different<N extends Network>(network: N): N {
  const stream = random(7);
  for (const { variable, kind } of network.params.values()) {
    if (kind === "buffer") continue;
    const values = variable.dataSync().map((value) => value * 1.5 + 0.1 * stream.normal());
    const moved = tf.tensor(values, variable.shape);
    variable.assign(moved);
    moved.dispose();
  }
  return network;
}

export function imagesOf(count: number): tf.Tensor4D {
  return tf.randomNormal([count, size.height, size.width, 3], 0, 1, "float32", 5);
}

/** @param gts per image its ground truths, all of class 0. */
export function batchOf(images: tf.Tensor4D, ...gts: number[][][]): Batch {
  return {
    ids: gts.map((_, index) => `image ${index}`),
    images,
    sizes: gts.map(() => sizes),
    boxes: gts.map((boxes) => ndArray(Float32Array.from(boxes.flat()), [boxes.length, 4])),
    labels: gts.map((boxes) => new Int32Array(boxes.length)),
    ignoreBoxes: gts.map(() => ndArray(new Float32Array(0), [0, 4])),
  };
}
