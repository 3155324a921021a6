import { type Backbone, fpn } from "@lad/backbones";
import { type ImageSizes, ndArray, random } from "@lad/core";
import { type Paa, paa } from "@lad/detectors";
import { conditionalObjectness, implicitObject, type PaaHeadOptions, paaHead } from "@lad/heads";
import { convLayer } from "@lad/nn";
import { type Batch, createTape, disposeParams, joinParams, type Method, trainableVariables } from "@lad/tensor";
import { expectNoLeak } from "@lad/testing";
import * as tf from "@tensorflow/tfjs-core";
import { expect } from "vitest";

const size = { height: 64, width: 96 };
export const sizes: ImageSizes = { image: size, padded: size, original: size, scale: [1, 1], flipped: false };

/** Three convolutions: what the methods are tried on is behind it, and a ResNet takes a second a step. */
function tinyBackbone(): Backbone {
  const source = random(3);
  const [c3, c4, c5] = [8, 2, 2].map((stride, index) =>
    convLayer({ in: index ? 4 : 3, out: 4, kernel: stride, stride, padding: 0, random: source }),
  );
  return {
    params: joinParams({ conv3: c3!.params, conv4: c4!.params, conv5: c5!.params }),
    channels: [4, 4, 4],
    strides: [8, 16, 32],
    forward(images) {
      const fine = c3!.forward(images);
      const middle = c4!.forward(fine);
      return [fine, middle, c5!.forward(middle)];
    },
  };
}

function network(head: Partial<PaaHeadOptions> = {}): Paa {
  const backbone = tinyBackbone();
  return paa({
    backbone,
    neck: fpn({ in: backbone.channels, out: 4, startLevel: 0 }),
    head: paaHead({ classes: 2, in: 4, channels: 4, groups: 2, stackedConvs: 1, ...head }),
  });
}

/** Tiny PAA networks of every kind of head, and two images for them. */
export async function paaFixture() {
  await tf.setBackend("cpu");
  const images = tf.randomNormal([2, size.height, size.width, 3], 0, 1, "float32", 5) as tf.Tensor4D;
  const networks = {
    plain: network(),
    other: network(),
    io: network({ probability: implicitObject() }),
    cop: network({ probability: conditionalObjectness(), iouBranch: false }),
  };
  // a network that differs in more than its start
  for (const { variable } of networks.other.params.values()) variable.assign(tf.tidy(() => tf.mul(variable, 1.05)));
  return {
    networks,
    /** Ground truths of both images, xyxy px one after another. */
    batchOf: (...gts: number[][]): Batch => ({
      ids: ["a", "b"],
      images,
      sizes: [sizes, sizes],
      boxes: gts.map((box) => ndArray(Float32Array.from(box), [box.length / 4, 4])),
      labels: gts.map((box) => new Int32Array(box.length / 4)),
      ignoreBoxes: gts.map(() => ndArray(new Float32Array(0), [0, 4])),
    }),
    dispose() {
      images.dispose();
      for (const { params } of Object.values(networks)) disposeParams(params);
    },
  };
}

/** A step and the gradients of one network: all of it finite, nothing left behind. */
export function finiteStep(method: Method, batch: Batch, of: Paa) {
  return expectNoLeak(async () => {
    const tape = createTape();
    try {
      const { losses, metrics } = await method.step(tape, batch, { iteration: 0, epoch: 0, iterations: 1, epochs: 1 });
      const gradients = tape.gradients(losses, trainableVariables(of.params));
      const values = Object.fromEntries(Object.entries(losses).map(([name, loss]) => [name, loss.dataSync()[0]!]));
      const largest = [...gradients.values()].map((gradient) => tf.tidy(() => tf.max(tf.abs(gradient)).dataSync()[0]!));
      for (const [name, value] of Object.entries({ ...values, ...metrics }))
        expect(Number.isFinite(value), `${name} = ${value}`).toBe(true);
      expect(largest.every(Number.isFinite)).toBe(true);
      return { values, metrics, largest: Math.max(0, ...largest) };
    } finally {
      tape.end();
    }
  });
}
