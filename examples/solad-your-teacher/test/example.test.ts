import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { useBackend } from "@lad/backends";
import { paramsToRecord } from "@lad/checkpoints";
import { lad } from "@lad/cli";
import { random } from "@lad/core";
import { drawnShapes } from "@lad/data";
import { paaNetwork } from "@lad/recipes";
import { torchFile } from "@lad/testing";
import { afterAll, beforeAll, expect, test } from "vitest";

const lines: string[] = [];
const write = (line: string) => void lines.push(line);
const terminal = { out: write, note: write, draw: () => {}, interactive: false, columns: 80 };
const engine = ["--backend", "wasm", "--threads", "1"];
const narrow = { depth: 18, baseChannels: 4, channels: 8, stackedConvs: 1, groups: 4 } as const;

let directory = "";
const at = (...parts: string[]) => path.join(directory, ...parts);
const run = (...argv: string[]) => lad([...argv, ...engine], terminal);

beforeAll(async () => {
  directory = await mkdtemp(path.join(tmpdir(), "lad-solad-"));
  await drawnShapes({ directory: at("data"), seed: 0, images: { train: 2, val: 1 }, side: 112 });
  // the same configuration with networks that train in a second
  const config = await readFile(fileURLToPath(new URL("../student.config.ts", import.meta.url)), "utf8");
  const sized = config.replaceAll(/paaNetwork\(\{ depth: \d+ \}\)/g, `paaNetwork(${JSON.stringify(narrow)})`);
  expect(sized).not.toBe(config);
  await writeFile(at("student.config.ts"), sized);
});
afterAll(() => rm(directory, { recursive: true }));

test("a .pth teaches; one of other classes is refused by name", async () => {
  expect(await run("train", at("student.config.ts"), "--data", at("data"), "--out", at("none"))).toBe(1);
  expect(lines.join("\n")).toContain("and the teacher's weights: give --teacher F");
  await useBackend("wasm", { threads: 1 });
  for (const classes of [3, 80]) {
    const { params } = paaNetwork(narrow)({ classes, random: random(1), pretrained: false });
    await writeFile(at(`paa-${classes}.pth`), torchFile(await paramsToRecord(params), { key: "state_dict" }));
  }
  const quick = ["epochs=1", "milestones=[]", "batch=2", "pipeline.resize.long=64", "pipeline.resize.short=64"];
  const train = (teacher: string, out: string) =>
    run(
      ...["train", at("student.config.ts"), "--data", at("data"), "--from-scratch", "--teacher", at(teacher)],
      ...["--out", at(out), ...quick.flatMap((setting) => ["--set", setting])],
    );
  expect(await train("paa-80.pth", "refused")).toBe(1);
  expect(lines.join("\n")).toContain("bbox_head.atss_cls.weight (network [3,8,3,3], checkpoint [80,8,3,3])");
  expect(await train("paa-3.pth", "run"), lines.join("\n")).toBe(0);
  const { losses, metrics } = JSON.parse((await readFile(at("run", "metrics.jsonl"), "utf8")).split("\n")[0]!);
  expect(Object.keys(losses).sort()).toEqual([
    "loss_bbox",
    "loss_cls",
    "loss_iou",
    "loss_kd_bbox",
    "loss_kd_centerness",
    "loss_kd_cls",
  ]);
  expect(metrics).toHaveProperty("kd_num");
  expect(await run("test", at("run"), "--network", "teacher"), lines.join("\n")).toBe(0);
});
