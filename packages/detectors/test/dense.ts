import { type Backbone, fpn, type Pyramid } from "@lad/backbones";
import { type Assignment, type ImageSizes, ndArray, random } from "@lad/core";
import { convLayer } from "@lad/nn";
import { type Batch, createTape, type Detector, joinParams, trainableVariables } from "@lad/tensor";
import { expectNoLeak } from "@lad/testing";
import * as tf from "@tensorflow/tfjs-core";

export const smallSize = { height: 64, width: 96 };
export const sizes: ImageSizes = {
  image: smallSize,
  padded: smallSize,
  original: { height: 32, width: 48 },
  scale: [2, 2],
  flipped: false,
};

/** A backbone that pools the image and mixes its colours: quick on the slowest engine. */
function tinyBackbone(channels = 4): Backbone {
  const strides = [4, 8, 16, 32];
  const mixer = convLayer({ in: 3, out: channels, kernel: 1, random: random(1) });
  const map = (images: tf.Tensor4D, stride: number) => mixer.forward(tf.avgPool(images, stride, stride, "same"));
  return {
    params: joinParams({ mixer: mixer.params }),
    channels: strides.map(() => channels),
    strides,
    forward: (images) => tf.tidy(() => strides.map((stride) => map(images, stride))),
  };
}

/** Backbone and pyramid of 4 channels. */
export function tinyNetworks(): { backbone: Backbone; neck: Pyramid } {
  const backbone = tinyBackbone();
  return { backbone, neck: fpn({ in: backbone.channels, out: 4 }) };
}

/** Ground truths of two classes, x1, y1, x2, y2, label. */
export const person = [10, 8, 60, 50, 1];
export const cup = [70, 40, 90, 60, 2];

/** @param gts per image its ground truths, x1, y1, x2, y2, label. */
export function batchOf(gts: readonly (readonly (readonly number[])[])[], images: tf.Tensor4D): Batch {
  return {
    ids: gts.map((_, index) => `image ${index}`),
    images,
    sizes: gts.map(() => sizes),
    boxes: gts.map((boxes) => ndArray(Float32Array.from(boxes.flatMap((box) => box.slice(0, 4))), [boxes.length, 4])),
    labels: gts.map((boxes) => Int32Array.from(boxes, (box) => box[4]!)),
    ignoreBoxes: gts.map(() => ndArray(new Float32Array(0), [0, 4])),
  };
}

/** One training step without an update: what was assigned, the losses, the gradients' norms and how many parameters they reach. */
export function stepOf<Features, Out>(detector: Detector<Features, Out>, batch: Batch) {
  return expectNoLeak(async () => {
    const tape = createTape();
    try {
      const out = tape.run(() => detector.predict(detector.features(batch.images, "train")));
      const assignment: Assignment = await detector.assign(out, batch);
      const losses = tape.run(() => detector.loss(out, assignment, batch));
      const variables = trainableVariables(detector.params);
      const gradients = tape.gradients(losses, variables);
      const values = Object.fromEntries(Object.entries(losses).map(([name, loss]) => [name, loss.dataSync()[0]!]));
      const norms = [...gradients.values()].map((gradient) => tf.tidy(() => tf.norm(gradient).dataSync()[0]!));
      return { assignment, values, norms, reached: gradients.size, wanted: variables.length };
    } finally {
      tape.end();
    }
  });
}
