// node --expose-gc test/steady-memory.mjs STEPS [ENGINE, default wasm]: trains the demo's student on drawn shapes and prints, as JSON, the resident
// memory after every step (garbage collected first) and the number of tensors.
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { useBackend } from "@lad/backends";
import { drawnShapes, openDataset, trainBatches } from "@lad/data";
import { buildMethod, buildStudent, buildTeacher, findRecipe, resolveConfig } from "@lad/recipes";
import { train } from "@lad/train";
import * as tf from "@tensorflow/tfjs-core";

const [steps, engine] = [Number(process.argv[2]), process.argv[3] ?? "wasm"];
const directory = mkdtempSync(path.join(tmpdir(), "lad-memory-"));
try {
  await useBackend(engine, { threads: 1 });
  const shapes = path.join(directory, "shapes");
  await drawnShapes({ directory: shapes, seed: 1, images: { train: 40, val: 1 } });
  const dataset = await openDataset(shapes, "train");
  const config = resolveConfig(findRecipe("demo/lad-student").config, {});
  const networks = { classes: dataset.classes.length, seed: 0, pretrained: false };
  const [student, teacher] = [buildStudent(config, networks), buildTeacher(config, networks)];
  const batches = trainBatches({ dataset, pipeline: config.pipeline, batchSize: 2, seed: 0, cache: true });
  const samples = [];
  const log = ({ kind }) => {
    if (kind !== "iteration") return;
    globalThis.gc();
    samples.push({ rss: process.memoryUsage().rss, tensors: tf.memory().numTensors });
  };
  await train({
    method: buildMethod(config, { student, teacher }),
    batches,
    epochs: steps / batches.iterationsPerEpoch,
    log,
  });
  console.log(JSON.stringify(samples));
} finally {
  rmSync(directory, { recursive: true });
}
