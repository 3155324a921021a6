import { ndArray } from "@lad/core";
import { hardNms, multiclassNms } from "@lad/nms";
import { hardNms as hardNmsOfTensors, multiclassNms as multiclassNmsOfTensors } from "@lad/nms/tfjs";
import * as tf from "@tensorflow/tfjs-core";
import "@tensorflow/tfjs-backend-cpu";
import { expect, it } from "vitest";

const rows = [
  [0, 0, 10, 10],
  [1, 0, 11, 10],
  [40, 0, 50, 10],
];
const boxes = ndArray(Float32Array.from(rows.flat()), [3, 4]);

it("@lad/nms/tfjs takes the tensors of tfjs, and leaves them as they are", async () => {
  await tf.setBackend("cpu");
  const tensors = { boxes: tf.tensor3d([rows]), scores: tf.tensor1d([0.7, 0.9, 0.8]) };
  const table = tf.tensor2d([0.7, 0.1, 0.9, 0.3, 0, 0.8], [3, 2]);
  const before = tf.memory().numTensors;
  const scores = Float32Array.of(0.7, 0.9, 0.8);
  expect(await hardNmsOfTensors(tensors.boxes, tensors.scores)).toEqual(hardNms(boxes, scores));
  const found = await multiclassNmsOfTensors(tensors.boxes, table);
  expect(found).toEqual(multiclassNms(boxes, ndArray(Float32Array.of(0.7, 0.1, 0.9, 0.3, 0, 0.8), [3, 2])));
  expect(tf.memory().numTensors).toBe(before);
});
