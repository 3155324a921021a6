// Our side of the bench assignment: PAA's label assignment of one image.

import { saveSafetensors } from "@lad/checkpoints";
import { random } from "@lad/core";
import * as tf from "@tensorflow/tfjs-core";
import { batchOf } from "../lib/batch-of.mjs";
import { makeInput } from "../lib/make-input.mjs";
import { networks } from "../lib/networks.mjs";
import { startEngine } from "../lib/start-engine.mjs";
import { timeCalls } from "../lib/time-calls.mjs";

let detector;
let timed;
let release = () => undefined;

export async function start(options) {
  await startEngine(options);
  detector = networks.paa({ depth: 18, classes: 80 });
}

/** @param part `separation`: pre-assignment, best candidates, mixtures, separation, with the costs given; `costs`: those. @returns number of positives. */
export async function prepare({ part, input, file }) {
  release();
  const record = makeInput(input);
  const batch = batchOf(record);
  const { classes, deltas, featureSizes } = makeOutputs(input);
  const out = { levels: [], featureSizes, classes: tf.tensor3d(...classes), boxes: tf.tensor3d(...deltas) };
  release = () => tf.dispose([out.classes, out.boxes]);
  const array = ([data, shape]) => ({ data, shape });
  await saveSafetensors(file, { ...record, classes: array(classes), deltas: array(deltas) });
  const pre = detector.preAssign(out, batch);
  const costs = await detector.costs(out, pre);
  const parts = {
    separation: () => detector.separate(detector.preAssign(out, batch), costs),
    costs: () => detector.costs(out, pre),
  };
  timed = timeCalls({ call: parts[part] });
  await timed.calibrate();
  return { candidates: costs[0].length, positives: detector.separate(pre, costs).numPositives[0] };
}

export const run = () => timed.run();

/** What a network in the middle of its training might say: small scores, boxes near their anchors. */
function makeOutputs({ height, width, classes }) {
  const stream = random(2);
  const featureSizes = [8, 16, 32, 64, 128].map((stride) => ({
    height: Math.ceil(height / stride),
    width: Math.ceil(width / stride),
  }));
  const anchors = featureSizes.reduce((sum, size) => sum + size.height * size.width, 0);
  const values = (channels, mean, deviation) => [
    Float32Array.from({ length: anchors * channels }, () => mean + deviation * stream.normal()),
    [1, anchors, channels],
  ];
  return { featureSizes, classes: values(classes, -4, 1), deltas: values(4, 0, 1) };
}
