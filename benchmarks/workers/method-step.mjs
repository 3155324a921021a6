// The bench method-step: steps of the BCCD recipes' methods as @lad/train takes them, and the forward pass of a teacher.
import { buildMethod, buildStudent, buildTeacher, findRecipe, resolveConfig } from "@lad/recipes";
import { createTape } from "@lad/tensor";
import * as tf from "@tensorflow/tfjs-core";
import { batchOf } from "../lib/batch-of.mjs";
import { makeInput } from "../lib/make-input.mjs";
import { startEngine } from "../lib/start-engine.mjs";

export const start = startEngine;

const recipes = {
  student: "bccd/paa-r18",
  teacher: "bccd/paa-r34",
  kd: "bccd/kd-r18-r34",
  lad: "bccd/lad-r18-r34",
  solad: "bccd/solad-r18-r34",
  colad: "bccd/colad-r18-r34",
  ldStudent: "bccd/gfl-r18",
  ld: "bccd/ld-r18-r34",
  ldFull: "bccd/ld-full-r18-r34",
};
const ofLd = (name) => name.startsWith("ld");
let pieces;

/** The same two networks for all of LAD's methods, two of GFocal for LD: a frozen teacher shares its weights with the one that trains. */
export function prepare({ input }) {
  const { images, ...host } = batchOf(makeInput(input));
  const configs = Object.fromEntries(
    Object.entries(recipes).map(([name, recipe]) => [name, resolveConfig(findRecipe(recipe).config)]),
  );
  const options = { classes: input.classes, seed: 0, pretrained: false };
  const student = buildStudent(configs.colad, options);
  const teacher = buildTeacher(configs.colad, options);
  const ld = { student: buildStudent(configs.ld, options), teacher: buildTeacher(configs.ld, options) };
  const parts = (name) => (ofLd(name) ? ld : name === "teacher" ? { student: teacher } : { student, teacher });
  const upload = (tape) => ({ ...host, images: tape.noGrad(() => tf.tensor4d(images.data, images.shape, "float32")) });
  const steps = Object.entries(configs).map(([name, config]) => {
    const method = buildMethod(config, parts(name));
    return [name, () => step(method, upload)];
  });
  pieces = {
    ...Object.fromEntries(steps),
    forward: () => forward(teacher, upload),
    ldForward: () => forward(ld.teacher, upload),
  };
}

export async function run({ piece }) {
  const begun = performance.now();
  await pieces[piece]();
  return performance.now() - begun;
}

async function step(method, upload) {
  const at = { iteration: 0, epoch: 0, iterations: 600, epochs: 24 };
  const tape = createTape();
  try {
    const { losses } = await method.step(tape, upload(tape), at);
    const variables = method.groups.flatMap((group) => [...group.trainable(at)]);
    const gradients = tape.gradients(losses, variables);
    await tape.noGrad(() => tf.addN(Object.values(losses))).data();
    for (const { optimizer } of method.groups) optimizer.step(gradients, at);
  } finally {
    tape.end();
  }
}

async function forward(teacher, upload) {
  const tape = createTape();
  try {
    const { images } = upload(tape);
    const classes = tape.noGrad(() => teacher.classes(teacher.predict(teacher.features(images, "eval"))));
    await classes.at(-1).data();
  } finally {
    tape.end();
  }
}
