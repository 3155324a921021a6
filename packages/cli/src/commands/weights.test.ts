import { readdir, readFile, writeFile } from "node:fs/promises";
import { loadSafetensors } from "@lad/checkpoints";
import { type NdRecord, ndArray } from "@lad/core";
import { detectron2File, torchFile } from "@lad/testing";
import { afterAll, beforeAll, expect, test } from "vitest";
import { collectingTerminal } from "../../test/collecting-terminal";
import { run, type TinyWorkplace, tinyColadConfig, tinyEngine, tinyLadConfig, trainedWorkplace } from "../../test/tiny";
import { planTraining } from "../run/plan-training";
import { openTrainingData } from "../run/run-training";
import { trainTeacher } from "../run/train-teacher";

let place: TinyWorkplace;
let trained: NdRecord;
const train = (config: string, out: string, ...argv: string[]) =>
  run("train", config, "--data", place.data, "--out", place.at(out), "--set", "epochs=1", ...argv, ...tinyEngine);
const renamed = (record: NdRecord, rename: (name: string) => string | undefined): NdRecord =>
  Object.fromEntries(
    Object.entries(record).flatMap(([name, array]) => {
      const to = rename(name);
      return to === undefined ? [] : [[to, array]];
    }),
  );

beforeAll(async () => {
  place = await trainedWorkplace();
  await writeFile(place.at("lad.config.ts"), tinyLadConfig);
  await writeFile(place.at("colad.config.ts"), tinyColadConfig);
  trained = (await loadSafetensors(place.at("run", "checkpoints", "last.safetensors"))).tensors as NdRecord;
});
afterAll(() => place.remove());

test("a teacher from mmdetection's .pth is the one that its run is: the student's weights are the same", async () => {
  await writeFile(place.at("paa.pth"), torchFile(trained, { key: "state_dict" }));
  await writeFile(place.at("prefixed.pth"), torchFile(renamed(trained, (name) => `teacher_${name}`)));
  const weights = [];
  for (const [index, teacher] of ["paa.pth", "prefixed.pth", "run/checkpoints/last.safetensors"].entries()) {
    const taught = await train(place.at("lad.config.ts"), `lad-${index}`, "--teacher", place.at(teacher));
    expect(taught, taught.text).toMatchObject({ code: 0 });
    weights.push(await readFile(place.at(`lad-${index}`, "checkpoints", "last.safetensors")));
  }
  expect(weights[1]!.equals(weights[0]!)).toBe(true);
  expect(weights[2]!.equals(weights[0]!)).toBe(true);
});

test("weights that fit in part: every name is listed and it is an error, unless it is allowed", async () => {
  const { "neck.fpn_convs.0.conv.bias": _, ...rest } = trained;
  const other = {
    ...rest,
    "bbox_head.atss_cls.bias": ndArray(new Float32Array(80), [80]),
    "bbox_head.more": rest["backbone.bn1.bias"]!,
  };
  await writeFile(place.at("other.pth"), torchFile(other));
  const refused = await train(place.at("lad.config.ts"), "part", "--teacher", place.at("other.pth"));
  expect(refused).toMatchObject({ code: 1 });
  expect(refused.text).toContain("1 of another shape: bbox_head.atss_cls.bias (network [3], checkpoint [80])");
  expect(refused.text).toContain("1 missing in the checkpoint: neck.fpn_convs.0.conv.bias");
  expect(refused.text).toContain("1 unknown to the network: bbox_head.more");
  const allowed = await train(
    place.at("lad.config.ts"),
    "part",
    "--teacher",
    place.at("other.pth"),
    "--allow-mismatch",
  );
  expect(allowed).toMatchObject({ code: 0 });
  expect(allowed.text).toContain("1 of another shape: bbox_head.atss_cls.bias");
  await writeFile(place.at("alien.pth"), torchFile({ "layer.weight": other["bbox_head.more"]! }));
  const alien = await train(place.at("lad.config.ts"), "alien", "--teacher", place.at("alien.pth"), "--allow-mismatch");
  expect(alien).toMatchObject({ code: 1, text: expect.stringContaining("Nothing of it fits") });
});

test("backbones from torchvision's and detectron2's classifiers, in torch's and detectron2's formats", async () => {
  const classifier: NdRecord = {
    ...renamed(trained, (name) => /^backbone\.(.*)$/.exec(name)?.[1]),
    "fc.weight": ndArray(new Float32Array(4), [2, 2]),
  };
  await writeFile(place.at("resnet18.pth"), torchFile(classifier));
  const theirs = (name: string) =>
    name
      .replace(/^(?=conv1|bn1|fc)/, "stem.")
      .replace(/^layer(\d)/, (_, stage) => `res${Number(stage) + 1}`)
      .replace("downsample.0", "shortcut")
      .replace("downsample.1", "shortcut.norm")
      .replace(/bn(\d)/, "conv$1.norm");
  await writeFile(place.at("R-18.pkl"), detectron2File(renamed(classifier, theirs)));
  const weights = [];
  for (const [index, init] of ["resnet18.pth", "R-18.pkl", "run"].entries()) {
    const started = await train(place.config, `init-${index}`, "--init", place.at(init));
    expect(started, started.text).toMatchObject({ code: 0 });
    weights.push(await readFile(place.at(`init-${index}`, "checkpoints", "last.safetensors")));
  }
  expect(weights[1]!.equals(weights[0]!)).toBe(true);
  expect(weights[2]!.equals(weights[0]!)).toBe(true);
});

test("a start is the whole student's: without a step, its weights come out again", async () => {
  await writeFile(place.at("start.pth"), torchFile(trained, { key: "state_dict" }));
  const still = ["--set", "learningRate=1e-30", "--set", "weightDecay=0", "--set", "momentum=0"];
  const started = await train(place.config, "started", "--start", place.at("start.pth"), ...still);
  expect(started, started.text).toMatchObject({ code: 0 });
  const { tensors } = await loadSafetensors(place.at("started", "checkpoints", "last.safetensors"));
  expect(tensors["bbox_head.atss_cls.weight"]).toEqual(trained["bbox_head.atss_cls.weight"]);
  expect(tensors["backbone.layer4.1.conv2.weight"]).toEqual(trained["backbone.layer4.1.conv2.weight"]);
});

test("CoLAD from scratch: either network can be tested, and so can a teacher that was given", async () => {
  const cooperative = await train(place.at("colad.config.ts"), "colad");
  expect(cooperative, cooperative.text).toMatchObject({ code: 0 });
  expect(cooperative.text).toMatch(/train epoch 1: the student assigned [\d.]+ %, the teacher [\d.]+ %/);
  const [line] = (await readFile(place.at("colad", "metrics.jsonl"), "utf8")).split("\n");
  const { losses, metrics } = JSON.parse(line!);
  expect(Object.keys(losses).sort()).toEqual([
    "loss_bbox",
    "loss_bbox_t",
    "loss_cls",
    "loss_cls_t",
    "loss_iou",
    "loss_iou_t",
  ]);
  expect(Object.keys(metrics)).toEqual(
    expect.arrayContaining(["positives", "s_mean", "s_std", "t_mean", "t_ratio", "t_std"]),
  );
  const tested = async (...argv: string[]) => run("test", place.at("colad"), ...argv, ...tinyEngine);
  expect((await tested()).text).toContain("best.safetensors");
  const second = await tested("--network", "teacher");
  expect(second, second.text).toMatchObject({ code: 0, text: expect.stringContaining("last.state.safetensors") });
  const alone = await run("test", place.at("run"), "--network", "teacher", ...tinyEngine);
  expect(alone).toMatchObject({
    code: 1,
    text: expect.stringContaining('no network "teacher", the method has student'),
  });
  const lad = await run("test", place.at("lad-0"), "--network", "teacher", ...tinyEngine);
  expect(lad, lad.text).toMatchObject({ code: 0, text: expect.stringContaining("paa.pth") });
});

test("--train-teacher: teacher and student, one command; stopped in the teacher, --resume alone goes on", async () => {
  const request = {
    config: "demo/lad-student",
    data: place.data,
    out: place.at("taught"),
    resume: false,
    seed: 2,
    set: ["epochs=1", "validation.every=0"],
    trainTeacher: true,
    teacherSet: ["epochs=1"],
    fromScratch: false,
  };
  const terminal = collectingTerminal();
  const plan = await planTraining(request);
  const data = await openTrainingData(plan, terminal);
  expect(await trainTeacher(plan, data, terminal, { signal: AbortSignal.abort() })).toBe(false);
  expect((await readdir(place.at("taught"))).sort()).toEqual(["checkpoints", "config.json", "report", "teacher"]);
  const resumed = await run("train", "--out", place.at("taught"), "--resume", ...tinyEngine);
  expect(resumed, resumed.text).toMatchObject({ code: 0 });
  expect(resumed.text).toContain("the teacher first, by recipe demo/paa-teacher");
  expect(resumed.text).toContain(
    `teacher's weights: ${place.at("taught", "teacher", "checkpoints", "best.safetensors")}`,
  );
  const whole = await run(
    ...["train", request.config, "--data", place.data, "--out", place.at("whole"), "--seed", "2"],
    ...request.set.flatMap((setting) => ["--set", setting]),
    ...["--train-teacher", "--teacher-set", "epochs=1", ...tinyEngine],
  );
  expect(whole, whole.text).toMatchObject({ code: 0 });
  const weights = (run: string) => readFile(place.at(run, "checkpoints", "last.safetensors"));
  expect((await weights("whole")).equals(await weights("taught"))).toBe(true);
  const again = await run("train", "--out", place.at("taught"), "--resume", ...tinyEngine);
  expect(again).toMatchObject({ code: 0 });
  expect(again.text).not.toContain("the teacher first");
});

test("a chain of teachers is trained stage by stage; stopped in the assistant, --resume alone goes on", async () => {
  const small = [
    "epochs=1",
    "milestones=[]",
    "batch=2",
    "validation.every=0",
    'pipeline.resize={"kind":"fixed","width":32,"height":32}',
  ];
  const request = {
    ...{ config: "demo/lad-chain", data: place.data, out: place.at("chain"), resume: false, seed: 1 },
    ...{ set: small, teacherSet: small, trainTeacher: true, fromScratch: false },
  };
  const controller = new AbortController();
  const terminal = collectingTerminal();
  // the assistant has begun when its own teacher's weights are loaded
  const note = (line: string) => {
    terminal.note(line);
    if (line.startsWith("teacher's weights:")) controller.abort();
  };
  const plan = await planTraining(request);
  const data = await openTrainingData(plan, terminal);
  expect(await trainTeacher(plan, data, { ...terminal, note }, { signal: controller.signal })).toBe(false);
  const first = place.at("chain", "teacher", "teacher", "checkpoints", "last.safetensors");
  const before = await readFile(first);
  const resumed = await run("train", "--out", place.at("chain"), "--resume", ...tinyEngine);
  expect(resumed, resumed.text).toMatchObject({ code: 0 });
  expect(resumed.text).toContain("the teacher first, by recipe demo/lad-student");
  expect(resumed.text).not.toContain("the teacher first, by recipe demo/paa-teacher"); // done before
  expect((await readFile(first)).equals(before)).toBe(true);
  expect(resumed.text).toContain(
    `teacher's weights: ${place.at("chain", "teacher", "checkpoints", "last.safetensors")}`,
  );
  expect(await readdir(place.at("chain", "checkpoints"))).toContain("last.safetensors");
});
