// Our side of the bench train-step: whole steps as @lad/train takes them, forward, assignment, losses, backward, SGD.
import { takeFallbacks } from "@lad/backend-native";
import { paramsToRecord, saveSafetensors } from "@lad/checkpoints";
import { createTape, disposeParams, trainableVariables } from "@lad/tensor";
import { sgd } from "@lad/train";
import * as tf from "@tensorflow/tfjs-core";
import { batchOf } from "../lib/batch-of.mjs";
import { gemmRate } from "../lib/gemm-rate.mjs";
import { makeInput } from "../lib/make-input.mjs";
import { networks } from "../lib/networks.mjs";
import { peakRss } from "../lib/peak-rss.mjs";
import { profileKernels } from "../lib/profile-kernels.mjs";
import { startEngine } from "../lib/start-engine.mjs";

export const start = startEngine;

let step;
let release = () => undefined;

/** Builds the case's network and writes its weights and input to `file`, if one is given, for the peer. @returns `{ loss }` of the first step. */
export async function prepare({ network, input, file }) {
  release();
  const record = makeInput(input);
  const made = networks[network.kind]({ ...network, classes: input.classes });
  if (file) await saveSafetensors(file, { ...(await paramsToRecord(made.params)), ...prefixed("input.", record) });
  const optimizer = sgd({ params: made.params, learningRate: () => 1e-4 });
  release = () => {
    optimizer.dispose();
    disposeParams(made.params);
  };
  const forward =
    network.kind === "classifier" ? classification(made, record) : await detection(made, record, network.assigns);
  step = () => trainingStep(forward, made.params, optimizer);
  return { loss: await step() };
}

export async function run() {
  const start = performance.now();
  await step();
  return performance.now() - start;
}

export const peak = peakRss;

let profiler;

/** The kernels of a step, the most expensive first; what is left over (JavaScript of the tape, host work) is `other`. */
export async function profile({ rounds }) {
  const gemm = gemmRate();
  profiler ??= profileKernels();
  await step();
  profiler.take();
  takeFallbacks();
  const start = performance.now();
  for (let round = 0; round < rounds; round++) await step();
  const ms = (performance.now() - start) / rounds;
  const fallbacks = takeFallbacks();
  const kernels = [...profiler.take()].map(([kernel, entry]) => ({
    kernel,
    ms: entry.ms / rounds,
    share: entry.ms / rounds / ms,
    calls: entry.calls / rounds,
    ...(entry.flops > 0 && { gflops: entry.flops / entry.ms / 1e6 }),
    ...(fallbacks.has(kernel) && { javascript: fallbacks.get(kernel) / rounds }),
  }));
  const other = ms - kernels.reduce((sum, entry) => sum + entry.ms, 0);
  kernels.push({ kernel: "other", ms: other, share: other / ms, calls: 0 });
  return { step: ms, gemm, kernels: kernels.sort((a, b) => b.ms - a.ms) };
}

async function trainingStep(forward, params, optimizer) {
  const tape = createTape();
  try {
    const losses = await forward(tape);
    const gradients = tape.gradients(losses, trainableVariables(params));
    const total = tape.noGrad(() => tf.addN(Object.values(losses)));
    const [value] = await total.data();
    optimizer.step(gradients, { iteration: 0, epoch: 0, iterations: 1, epochs: 1 });
    return value;
  } finally {
    tape.end();
  }
}

const uploaded = (tape, { data, shape }) => tape.noGrad(() => tf.tensor4d(data, shape, "float32"));

function classification(network, record) {
  const labels = Int32Array.from({ length: record.images.shape[0] }, (_, image) => record[`labels.${image}`].data[0]);
  return (tape) => {
    const images = uploaded(tape, record.images);
    return { loss: tape.run(() => network.loss(images, labels)) };
  };
}

async function detection(detector, record, assigns) {
  const host = batchOf(record);
  const step = async (tape, targets) => {
    const batch = { ...host, images: uploaded(tape, host.images) };
    const out = tape.run(() => detector.predict(detector.features(batch.images, "train")));
    const assignment = targets ?? (await detector.assign(out, batch));
    return { assignment, losses: tape.run(() => detector.loss(out, assignment, batch)) };
  };
  const fixed = assigns ? undefined : await firstAssignment(step);
  return async (tape) => (await step(tape, fixed)).losses;
}

async function firstAssignment(step) {
  const tape = createTape();
  try {
    return (await step(tape)).assignment;
  } finally {
    tape.end();
  }
}

function prefixed(prefix, record) {
  return Object.fromEntries(Object.entries(record).map(([name, array]) => [`${prefix}${name}`, array]));
}
