import { mkdir, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { LadError } from "@lad/core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { isUsageError } from "../usage-error";
import { planTraining, type TrainRequest } from "./plan-training";
import { writeRunRecord } from "./run-record";

let directory = "";
const at = (name: string) => path.join(directory, name);
beforeAll(async () => {
  directory = await mkdtemp(path.join(tmpdir(), "lad-plan-"));
});
afterAll(() => rm(directory, { recursive: true }));

const request = (given: Partial<TrainRequest>): TrainRequest => ({
  config: "demo/paa-student",
  data: "data",
  out: at("none"),
  resume: false,
  set: [],
  fromScratch: false,
  ...given,
});
const failure = (given: Partial<TrainRequest>) =>
  planTraining(request(given)).then(
    () => new Error("no error"),
    (error: Error) => error,
  );

test("a new run: what was asked for, places made absolute, defaults filled in", async () => {
  const plan = await planTraining(request({ set: ["epochs=3"], seed: 7 }));
  expect(plan).toMatchObject({
    source: { recipe: "demo/paa-student" },
    overrides: ["epochs=3"],
    seed: 7,
    vocOrigin: 1,
  });
  expect(plan.data).toBe(path.resolve("data"));
  expect(plan.config.epochs).toBe(3);
  expect(plan.resumed).toBeUndefined();
});

test("all weights that are missing are named at once", async () => {
  const error = await failure({ config: "lad/r50-r101" });
  expect(LadError.is(error) && error.code).toBe("NOT_FOUND");
  expect(error.message).toBe(
    "lad/r50-r101 needs backbone weights: give --init F (a file with torchvision's names), or --from-scratch to train without\n" +
      "and the teacher's weights: give --teacher F (a run directory or a file), or --train-teacher to train it first by recipe paa/r101",
  );
  expect((await failure({ config: "lad/r50-r101", fromScratch: true })).message).toBe(
    "lad/r50-r101 needs the teacher's weights: give --teacher F (a run directory or a file), or --train-teacher to train it first by recipe paa/r101",
  );
});

test("a labeller's weights are asked for beside the teacher's, and go into the plan", async () => {
  const wanting = { config: "bccd/ld-lad-r18", teacher: "gfl" };
  expect((await failure(wanting)).message).toBe(
    "bccd/ld-lad-r18 needs the labeller's weights: give --labeller F (a run directory or a file)",
  );
  expect((await planTraining(request({ ...wanting, labeller: "paa" }))).labeller).toBe(path.resolve("paa"));
  expect((await failure({ labeller: "paa" })).message).toContain("demo/paa-student has no labeller");
});

test("--train-teacher: the teacher's own weights are asked for too, and its run lies in the student's", async () => {
  const cold = await failure({ config: "lad/r50-r101", init: "r50", trainTeacher: true });
  expect(cold.message).toBe(
    "lad/r50-r101 needs the backbone weights of the teacher, which paa/r101 trains: give --teacher-init F, or --from-scratch",
  );
  const plan = await planTraining(
    request({ config: "lad/r50-r101", init: "r50", trainTeacher: true, teacherInit: "r101", teacherSet: ["epochs=1"] }),
  );
  expect(plan).toMatchObject({
    pretrained: true,
    teacher: path.resolve(at("none"), "teacher"),
    teacherRun: { recipe: "paa/r101", overrides: ["epochs=1"], init: path.resolve("r101") },
  });
  const scratch = await planTraining(request({ config: "lad/r50-r101", fromScratch: true, trainTeacher: true }));
  expect(scratch).toMatchObject({ pretrained: false, teacherRun: { recipe: "paa/r101", overrides: [] } });
  const none = await failure({ config: "demo/paa-student", trainTeacher: true });
  expect(none.message).toContain("recipe demo/paa-student names no teacher");
});

test("a teacher that is trained too may start from scratch, where its student does", async () => {
  expect((await planTraining(request({ config: "bccd/colad-r18-r34" }))).teacher).toBeUndefined();
  const published = { config: "colad/r101cop-r50" };
  expect((await failure(published)).message).toContain("and the teacher's weights");
  expect((await planTraining(request({ ...published, fromScratch: true }))).pretrained).toBe(false);
});

test("a start is the whole student: the backbone counts as pretrained where the configuration wants it so", async () => {
  expect(await planTraining(request({ config: "paa/r18", start: "a.pth" }))).toMatchObject({
    pretrained: true,
    start: path.resolve("a.pth"),
  });
  expect((await planTraining(request({ start: "a.pth" }))).pretrained).toBe(false);
});

test("contradictions are usage errors", async () => {
  for (const given of [
    { init: "a", fromScratch: true },
    { start: "a", fromScratch: true },
    { start: "a", init: "b" },
    { teacher: "t" },
    { config: "demo/lad-student", teacher: "t", trainTeacher: true },
    { config: "demo/lad-student", teacher: "t", teacherInit: "i" },
    { config: undefined },
    { data: undefined },
  ]) {
    expect(isUsageError(await failure(given)), JSON.stringify(given)).toBe(true);
  }
});

test("--resume goes on with a run by its record, begins a new one where there is none, and needs one or the other", async () => {
  const record = {
    format: 1 as const,
    config: { recipe: "demo/lad-student" },
    overrides: ["epochs=5"],
    classes: ["a"],
    data: "/data",
    vocOrigin: 0 as const,
    seed: 9,
    pretrained: false,
    teacher: "/teacher",
    settings: {},
  };
  await mkdir(at("run"));
  await writeRunRecord(at("run"), record);
  const bare = { config: undefined, data: undefined, out: at("run"), resume: true };
  const plan = await planTraining(request(bare));
  expect(plan).toMatchObject({ data: "/data", seed: 9, teacher: "/teacher", vocOrigin: 0, resumed: record });
  expect(plan.config.epochs).toBe(5);
  expect((await failure({ ...bare, teacher: "/other" })).message).toContain("--teacher is /other now, was /teacher");
  expect((await failure({ ...bare, config: "demo/paa-student" })).message).toContain("the configuration is");
  expect((await planTraining(request({ resume: true }))).resumed).toBeUndefined();
  expect((await failure({ config: undefined, resume: true })).message).toContain(
    "holds no run (it has no config.json)",
  );
  expect((await failure({ out: at("run") })).message).toContain("holds a run already");
});
