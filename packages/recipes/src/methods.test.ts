import "@tensorflow/tfjs-backend-cpu";
import { type ImageSizes, ndArray } from "@lad/core";
import { conditionalObjectness } from "@lad/heads";
import { createTape, disposeParams } from "@lad/tensor";
import * as tf from "@tensorflow/tfjs-core";
import { beforeAll, expect, test } from "vitest";
import { buildMethod, buildStudent, buildTeacher } from "./build-method";
import { findRecipe } from "./find-recipe";
import { type PaaNetworkOptions, paaNetwork } from "./paa-network";
import { resolveConfig } from "./resolve-config";

beforeAll(() => tf.setBackend("cpu"));

const narrow = (head: Pick<PaaNetworkOptions, "probability" | "iouBranch"> = {}) =>
  paaNetwork({
    depth: 18,
    baseChannels: 2,
    channels: 4,
    stackedConvs: 1,
    groups: 2,
    levels: 3,
    anchorScale: 4,
    ...head,
  });

/** A step of a recipe's method on networks of its kind made narrow; both start from weights, as published. */
async function stepOf(name: string, student = narrow()) {
  const config = resolveConfig({ ...findRecipe(name).config, student, teacher: narrow() });
  const context = { classes: 2, seed: 0, pretrained: true };
  const networks = { student: buildStudent(config, context), teacher: buildTeacher(config, context)! };
  const method = buildMethod(config, networks);
  const images = tf.randomNormal([2, 64, 64, 3], 0, 1, "float32", 1) as tf.Tensor4D;
  const size = { height: 64, width: 64 };
  const sizes: ImageSizes = { image: size, padded: size, original: size, scale: [1, 1], flipped: false };
  const at = { iteration: 600, epoch: 0, iterations: 6000, epochs: 12 };
  const before = tf.memory().numTensors;
  const tape = createTape();
  const { losses, metrics } = await method.step(
    tape,
    {
      ids: ["a", "b"],
      images,
      sizes: [sizes, sizes],
      boxes: [ndArray(Float32Array.of(8, 8, 40, 44), [1, 4]), ndArray(Float32Array.of(20, 4, 60, 36), [1, 4])],
      labels: [Int32Array.of(1), Int32Array.of(0)],
      ignoreBoxes: [ndArray(new Float32Array(0), [0, 4]), ndArray(new Float32Array(0), [0, 4])],
    },
    at,
  );
  const variables = method.groups.map((group) => group.trainable(at));
  const gradients = tape.gradients(losses, variables.flat());
  const values = Object.entries(losses).map(([loss, value]) => [loss, value.dataSync()[0]!] as const);
  const taught = variables.map(
    (group) =>
      group.filter((variable) =>
        gradients
          .get(variable)
          ?.dataSync()
          .some((value) => value !== 0),
      ).length,
  );
  tape.end();
  const leaked = tf.memory().numTensors - before;
  tf.dispose(images);
  for (const { params } of Object.values(networks)) disposeParams(params);
  return { name: method.name, losses: Object.fromEntries(values), metrics, taught, leaked };
}

const ground = ["loss_bbox", "loss_cls", "loss_iou"];
const soft = ["loss_kd_bbox", "loss_kd_centerness", "loss_kd_cls"];

test.each([
  ["kd/r50-r101", "soft-labels", soft],
  ["solad/r50-r101", "lad+soft-labels", [...ground, ...soft]],
  ["lad/r50-r101", "lad", ground],
])("%s: its losses, one group, the teacher stands still", async (recipe, name, losses) => {
  const step = await stepOf(recipe);
  expect(step).toMatchObject({ name, leaked: 0 });
  expect(Object.keys(step.losses).sort()).toEqual(losses);
  expect(Object.values(step.losses).every(Number.isFinite)).toBe(true);
  expect(step.taught).toHaveLength(1);
  expect(step.taught[0]).toBeGreaterThan(0);
});

test("SoLAD keeps fewer regions than soft labels alone", async () => {
  const regions = async (name: string) => (await stepOf(name)).metrics?.kd_num;
  expect(await regions("solad/r50-r101")).toBeLessThan((await regions("kd/r50-r101"))!);
});

test("CoLAD trains both networks, of different heads", async () => {
  const cop = narrow({ probability: conditionalObjectness({ unusedObjectness: true }) });
  const { name, losses, metrics, taught, leaked } = await stepOf("colad/r101cop-r50", cop);
  expect({ name, leaked }).toEqual({ name: "colad", leaked: 0 });
  expect(Object.keys(losses).sort()).toEqual(ground.flatMap((loss) => [loss, `${loss}_t`]));
  expect(Object.values(losses).every(Number.isFinite)).toBe(true);
  expect(metrics).toHaveProperty("t_ratio");
  expect(taught).toHaveLength(2);
  for (const count of taught) expect(count).toBeGreaterThan(0);
});
