// Our side of the bench nms.

import { saveSafetensors } from "@lad/checkpoints";
import { ndArray, random } from "@lad/core";
import { classwiseNms, clusterDiouNms, clusterDiouVoting, hardNms, scoreVoting } from "@lad/nms";
import { timeCalls } from "../lib/time-calls.mjs";

const options = { iouThreshold: 0.5 };
let timed;

export const start = () => undefined;

/** @param file to write the boxes to. @returns how many are kept, and the sum of their indices. */
export async function prepare({ part, file, ...scene }) {
  const candidates = makeCandidates(scene);
  const { boxes, scores, labels } = candidates;
  if (file) {
    const column = (data) => ndArray(data, [data.length]);
    await saveSafetensors(file, { boxes, scores: column(scores), labels: column(labels) });
  }
  const plain = () => classwiseNms(boxes, scores, labels, options);
  const diou = () => clusterDiouNms(boxes, scores, labels, options);
  const parts = {
    hard: () => hardNms(boxes, scores, options),
    classwise: plain,
    "score-voting": () => scoreVoting(plain(), candidates).labels,
    "cluster-diou-voting": () => clusterDiouVoting(diou(), candidates).labels,
  };
  timed = timeCalls({ call: parts[part], least: 150 }); // long enough for the compiler to be done after the first
  await timed.calibrate();
  const kept = parts[part]();
  return part.endsWith("voting")
    ? { kept: kept.length }
    : { kept: kept.length, sum: kept.reduce((sum, index) => sum + index, 0) };
}

export const run = () => timed.run();

/** What a detector finds of objects from 12 to 400 px on 1333×800: `perObject` boxes around each, a tenth of them of another class. */
function makeCandidates({ objects, perObject, classes }) {
  const stream = random(5);
  const count = objects * perObject;
  const boxes = new Float32Array(count * 4);
  const labels = new Int32Array(count);
  const side = () => 12 * (400 / 12) ** stream.uniform();
  for (let object = 0, row = 0; object < objects; object++) {
    const [width, height, x, y] = [side(), side(), 1333 * stream.uniform(), 800 * stream.uniform()];
    const label = stream.integer(classes);
    for (let i = 0; i < perObject; i++, row++) {
      const [dx, dy, dw, dh] = Array.from({ length: 4 }, () => 0.1 * stream.normal());
      const [w, h] = [width * Math.exp(dw), height * Math.exp(dh)];
      const [left, top] = [x + dx * width - w / 2, y + dy * height - h / 2];
      boxes.set([left, top, left + w, top + h], row * 4);
      labels[row] = stream.uniform() < 0.9 ? label : stream.integer(classes);
    }
  }
  return { boxes: ndArray(boxes, [count, 4]), scores: Float32Array.from(labels, () => stream.uniform()), labels };
}
