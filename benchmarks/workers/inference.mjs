// Our side of the bench inference: images to detections.
import { paramsToRecord, saveSafetensors } from "@lad/checkpoints";
import { createTape } from "@lad/tensor";
import * as tf from "@tensorflow/tfjs-core";
import { batchOf } from "../lib/batch-of.mjs";
import { makeInput } from "../lib/make-input.mjs";
import { networks } from "../lib/networks.mjs";
import { startEngine } from "../lib/start-engine.mjs";

export const start = startEngine;

let detect;

/** Weights are drawn, so the class bias decides how many boxes pass the threshold: some hundred, as of a trained detector. @returns the number of detections. */
export async function prepare({ network, input, classBias, file }) {
  const detector = networks[network.kind]({ ...network, classes: input.classes });
  const bias = detector.params.get("bbox_head.atss_cls.bias").variable;
  tf.tidy(() => bias.assign(tf.fill(bias.shape, classBias)));
  const record = makeInput(input);
  await saveSafetensors(file, { ...(await paramsToRecord(detector.params)), "input.images": record.images });
  const { images, sizes } = batchOf(record);
  detect = async () => {
    const tape = createTape();
    try {
      const out = tape.noGrad(() =>
        detector.predict(detector.features(tf.tensor4d(images.data, images.shape, "float32"), "eval")),
      );
      return await detector.detect(out, sizes);
    } finally {
      tape.end();
    }
  };
  const found = await detect();
  return { detections: found.map(({ scores }) => scores.length), best: found.map(({ scores }) => Math.max(...scores)) };
}

export async function run() {
  const start = performance.now();
  await detect();
  return performance.now() - start;
}
