import "@tensorflow/tfjs-backend-cpu";
import { type Batch, type NdArray, ndArray, random } from "@lad/core";
import { disposeParams, freezeParams, type Method, type Params, param } from "@lad/tensor";
import * as tf from "@tensorflow/tfjs-core";
import { paramGroup, sgd, stepSchedule, type TrainBatches } from "../src/index";

const side = 6;

/** A convolution with a moving mean and a linear layer: every kind and layout of parameter. */
export function toyParams(seed: number, channels = 4): Params {
  const stream = random(seed);
  const normal = (...shape: number[]) =>
    ndArray(
      Float32Array.from({ length: shape.reduce((a, b) => a * b, 1) }, () => 0.3 * stream.normal()),
      shape,
    );
  return new Map([
    ["conv.weight", param(normal(3, 3, 3, channels), { layout: "conv" })],
    ["norm.running_mean", param(ndArray(new Float32Array(channels), [channels]), { kind: "buffer" })],
    ["fc.weight", param(normal(channels, 2), { layout: "linear" })],
    ["fc.bias", param(normal(2))],
    ["fc.fixed", param(normal(2), { kind: "frozen" })],
  ]);
}

const variable = (params: Params, name: string) => params.get(name)!.variable;

function forward(params: Params, images: tf.Tensor4D): tf.Tensor2D {
  const maps = tf.conv2d(images, variable(params, "conv.weight") as tf.Variable<tf.Rank.R4>, 1, "same");
  const means = tf.mean<tf.Tensor2D>(tf.relu(tf.sub(maps, variable(params, "norm.running_mean"))), [1, 2]);
  const linear = tf.matMul(means, variable(params, "fc.weight") as tf.Variable<tf.Rank.R2>);
  return tf.add(linear, variable(params, "fc.bias"));
}

export type Toy = { readonly method: Method; dispose(): void };

/** A student learns labels and a frozen teacher; it has a moving mean, a random stream and two groups, so a resume has everything to lose. */
export function toy({
  seed = 1,
  teacherSeed = 2,
  channels = 4,
  lossOf = (loss: tf.Scalar, _iteration: number) => loss,
} = {}): Toy {
  const student = toyParams(seed, channels);
  const teacher = freezeParams(toyParams(teacherSeed));
  const stream = random(99);
  const learningRate = stepSchedule({ base: 0.05, milestones: [2], warmup: { iterations: 4, ratio: 0.1 } });
  const part = (prefix: string): Params => new Map([...student].filter(([name]) => name.startsWith(prefix)));
  const groups = ["conv", "fc"].map((prefix) => {
    const params = part(prefix);
    return paramGroup({ params, optimizer: sgd({ params, learningRate }) });
  });
  const method: Method = {
    name: "toy",
    networks: { student: { name: "toy-net", params: student }, teacher: { name: "toy-net", params: teacher } },
    groups,
    state: {
      save: () => ({ stream: ndArray(new Int32Array(stream.save().buffer), [4]) }),
      load: (record) => stream.load(new Uint32Array(record.stream!.data.slice().buffer)),
    },
    async step(tape, batch, at) {
      const taught = tape.noGrad(() => forward(teacher, batch.images));
      await new Promise((resolve) => setTimeout(resolve, 0));
      const noise = 1 + 0.1 * stream.normal();
      const losses = tape.run(() => {
        const mean = variable(student, "norm.running_mean");
        const out = forward(student, batch.images);
        tape.noGrad(() => mean.assign(tf.add(tf.mul(mean, 0.9), tf.mul(tf.mean(batch.images), 0.1))));
        const labels = tf.oneHot(
          tf.tensor1d(
            batch.labels.map((image) => image[0]!),
            "int32",
          ),
          2,
        );
        return {
          loss_label: lossOf(tf.mul(tf.mean(tf.square(tf.sub(out, labels))), noise), at.iteration),
          loss_teacher: tf.mean<tf.Scalar>(tf.square(tf.sub(out, taught))),
        };
      });
      return { losses, metrics: { noise } };
    },
  };
  return {
    method,
    dispose() {
      for (const { optimizer } of groups) optimizer.dispose();
      disposeParams(student);
      disposeParams(teacher);
    },
  };
}

/** Random images with a label each; batch i of epoch e is always the same. */
export function toyBatches({
  iterationsPerEpoch = 4,
  batchSize = 2,
  delayMs = 0,
  missing = 0,
}: {
  readonly iterationsPerEpoch?: number;
  readonly batchSize?: number;
  readonly delayMs?: number;
  /** Batches by which every epoch is shorter than announced. */
  readonly missing?: number;
} = {}): TrainBatches {
  const size = { height: side, width: side };
  const sizes = { image: size, padded: size, original: size, scale: [1, 1], flipped: false } as const;
  const batch = (epoch: number, index: number): Batch<NdArray> => {
    const stream = random(epoch, index);
    const one = <T>(make: (index: number) => T) => Array.from({ length: batchSize }, (_, image) => make(image));
    const pixels = Float32Array.from({ length: batchSize * side * side * 3 }, stream.normal);
    return {
      ids: one((image) => `image-${epoch}-${index}-${image}`),
      images: ndArray(pixels, [batchSize, side, side, 3]),
      sizes: one(() => sizes),
      boxes: one(() => ndArray(new Float32Array(0), [0, 4])),
      labels: one(() => Int32Array.of(stream.integer(2))),
      ignoreBoxes: one(() => ndArray(new Float32Array(0), [0, 4])),
    };
  };
  return {
    iterationsPerEpoch,
    async *epoch(epoch, from = 0) {
      for (let index = from; index < iterationsPerEpoch - missing; index++) {
        if (delayMs) await new Promise((resolve) => setTimeout(resolve, delayMs));
        yield batch(epoch, index);
      }
    },
  };
}
