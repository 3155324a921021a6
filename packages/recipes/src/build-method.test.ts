import "@tensorflow/tfjs-backend-cpu";
import { disposeParams } from "@lad/tensor";
import * as tf from "@tensorflow/tfjs-core";
import { beforeAll, expect, test } from "vitest";
import { buildLabeller, buildMethod, buildStudent, buildTeacher } from "./build-method";
import type { ResolvedConfig } from "./config";
import { findRecipe } from "./find-recipe";
import { resolveConfig } from "./resolve-config";

const network = { classes: 3, seed: 0, pretrained: false };
beforeAll(() => tf.setBackend("cpu"));

function lad(...overrides: string[]): ResolvedConfig {
  return resolveConfig(findRecipe("demo/lad-student").config, { overrides });
}

/** Learning rate of the method's one group at iterations of epochs. */
function rates(
  config: ResolvedConfig,
  moments: readonly (readonly [iteration: number, epoch: number])[],
  log?: (message: string) => void,
) {
  const student = buildStudent(config, network);
  const teacher = buildTeacher(config, network);
  const method = buildMethod(config, { student, teacher, ...(log && { log }) });
  const found = moments.map(([iteration, epoch]) =>
    method.groups[0]!.optimizer.learningRate({ iteration, epoch, iterations: 1000, epochs: 24 }),
  );
  for (const part of [student, teacher!]) disposeParams(part.params);
  return found;
}

test("schedule and warm-up are the settings'", () => {
  const config = resolveConfig(findRecipe("bccd/paa-small").config);
  const student = buildStudent(config, network);
  const { groups } = buildMethod(config, { student });
  const rate = (iteration: number, epoch: number) =>
    groups[0]!.optimizer.learningRate({ iteration, epoch, iterations: 600, epochs: 24 });
  expect(groups).toHaveLength(1);
  expect(rate(0, 0)).toBeCloseTo(0.01 * 0.001, 10);
  expect(rate(50, 2)).toBeCloseTo(0.01 * (1 - 0.5 * 0.999), 10);
  expect(rate(100, 4)).toBe(0.01);
  expect(rate(400, 16)).toBeCloseTo(0.001, 10);
  expect(rate(550, 22)).toBeCloseTo(0.0001, 10);
  disposeParams(student.params);
});

test("another number of images a step scales the rate, and says so", () => {
  const settings = [
    "learningRate=0.01",
    "learningRateBatch=16",
    "batch=4",
    "milestones=[]",
    'warmup={"iterations":0,"ratio":1}',
  ];
  const said: string[] = [];
  expect(rates(lad(...settings), [[500, 3]], (message) => said.push(message))).toEqual([0.0025]);
  expect(said).toEqual(["learning rate 0.01 is for 16 images a step; scaled to 0.0025 for 4"]);
  expect(rates(lad(...settings, "accumulate=4"), [[500, 3]], (message) => said.push(message))).toEqual([0.01]);
  expect(said).toHaveLength(1);
});

test("without learningRateBatch the rate is used as it is", () => {
  expect(rates(lad("learningRate=0.03", "batch=2", "milestones=[]"), [[500, 0]])).toEqual([0.03]);
});

test("the student's weights depend on the seed, not on a teacher beside it", () => {
  const weights = (config: ResolvedConfig, seed: number) => {
    const student = buildStudent(config, { ...network, seed });
    const teacher = buildTeacher(config, { ...network, seed });
    const values = student.params.get("bbox_head.atss_cls.weight")!.variable.dataSync();
    for (const part of [student, teacher]) if (part) disposeParams(part.params);
    return values;
  };
  const plain = resolveConfig(findRecipe("demo/paa-student").config);
  expect(weights(lad(), 1)).toEqual(weights(plain, 1));
  expect(weights(lad(), 1)).not.toEqual(weights(lad(), 2));
});

test("the teacher is frozen, the student is not", () => {
  const teacher = buildTeacher(lad(), network)!;
  const student = buildStudent(lad(), network);
  expect([...teacher.params.values()].some(({ kind }) => kind === "trainable")).toBe(false);
  expect([...student.params.values()].some(({ kind }) => kind === "trainable")).toBe(true);
  for (const part of [teacher, student]) disposeParams(part.params);
});

test("a configuration without teacher has none", () => {
  expect(buildTeacher(resolveConfig(findRecipe("demo/paa-student").config), network)).toBeUndefined();
});

test("a configuration with a teacher wants one", () => {
  const student = buildStudent(lad(), network);
  expect(() => buildMethod(lad(), { student })).toThrow("buildMethod: the configuration has a teacher, none was given");
  disposeParams(student.params);
});

test("a labeller is frozen, is asked for, and what it assigns is learned", () => {
  const { labeller: none, ...alone } = lad();
  expect(none).toBeUndefined();
  expect(buildLabeller(alone, network)).toBeUndefined();
  const config = { ...alone, labeller: alone.student };
  const labeller = buildLabeller(config, { ...network, pretrained: true })!;
  expect([...labeller.params.values()].some(({ kind }) => kind === "trainable")).toBe(false);
  const [student, teacher] = [buildStudent(config, network), buildTeacher(config, network)!];
  expect(() => buildMethod(config, { student, teacher })).toThrow("buildMethod: the configuration has a labeller");
  const given: unknown[] = [];
  const { method } = config;
  const spying = {
    ...config,
    method: (parts: Parameters<typeof method>[0]) => method(given.push(parts.labeller) ? parts : parts),
  };
  buildMethod(spying, { student, teacher, labeller });
  expect(given).toEqual([labeller]);
  for (const { params } of [labeller, student, teacher]) disposeParams(params);
});

test("the method's networks are the ones that were built", () => {
  const student = buildStudent(lad(), network);
  const teacher = buildTeacher(lad(), network)!;
  const { name, networks } = buildMethod(lad(), { student, teacher });
  expect(name).toBe("lad");
  expect(networks.student).toBe(student);
  expect(networks.teacher).toBe(teacher);
  for (const part of [student, teacher]) disposeParams(part.params);
});

test("a teacher that is trained starts as the student does, and has a group of its own; scaling is said once", () => {
  const config = { ...lad("learningRateBatch=8", "batch=4"), trainsTeacher: true };
  const teacher = buildTeacher(config, { ...network, pretrained: true })!;
  const student = buildStudent(config, network);
  const said: string[] = [];
  const { groups } = buildMethod(config, { student, teacher, log: (message) => said.push(message) });
  expect(teacher.params.get("backbone.conv1.weight")!.kind).toBe("frozen"); // by the rules for given weights
  expect(teacher.params.get("bbox_head.atss_cls.weight")!.kind).toBe("trainable");
  expect(groups.map(({ params }) => params)).toEqual([student.params, teacher.params]);
  const at = { iteration: 500, epoch: 0, iterations: 1000, epochs: 24 };
  expect(groups[0]!.optimizer).not.toBe(groups[1]!.optimizer);
  expect(groups[0]!.optimizer.learningRate(at)).toBe(groups[1]!.optimizer.learningRate(at));
  expect(said).toHaveLength(1);
  for (const part of [student, teacher]) disposeParams(part.params);
});

test("weights for the backbone change nothing about a frozen teacher", () => {
  const teacher = buildTeacher(lad(), { ...network, pretrained: true })!;
  expect([...teacher.params.values()].some(({ kind }) => kind === "trainable")).toBe(false);
  expect(buildMethod(lad(), { student: teacher, teacher }).groups).toHaveLength(1);
  disposeParams(teacher.params);
});
