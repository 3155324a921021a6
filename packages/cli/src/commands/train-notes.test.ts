import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { run } from "../../test/tiny";

let directory = "";
beforeAll(async () => {
  directory = await mkdtemp(path.join(tmpdir(), "lad-notes-"));
});
afterAll(() => rm(directory, { recursive: true }));

/** What `lad train` says before it looks for the data set, which is not there. */
async function warnings(recipe: string): Promise<readonly string[]> {
  const places = ["--data", path.join(directory, "none"), "--out", path.join(directory, "run")];
  const weights = /^(self-)?ld/.test(recipe) ? ["--teacher", "teacher.pth"] : [];
  const { code, terminal } = await run("train", recipe, ...places, "--from-scratch", ...weights);
  expect(code).toBe(1);
  expect(terminal.notes.at(-1)).toContain("holds no data set");
  return terminal.notes.slice(0, -1);
}

const bins = /student has reg_max 16 and its teacher's file 64, which stops it; here both have 16$/;
const teacher = /names a teacher's file that is not there; its teacher here is a recipe of its own$/;
const base = /inherits from a file that is not there; it is completed by the schedule of its table$/;

test.each([
  ["ld/r18-r101", bins],
  ["ld/r34-r101", bins],
  ["ld/r50-r101", /student and teacher have reg_max 64; here both have 16/],
  ["ld/r101-r101dcn-2x", base],
  ["ld/r18-r101-voc", teacher],
  ["ldv2/r50-r101-2x", /12 epochs on 6 images a step; the published figure is of 24 epochs on 16, which is what this/],
  ["ldv2/r101-r101dcn-2x", teacher],
  ["gfl/r101-2x", /file says reg_max 64; its public weights and this recipe have 16$/],
  ["gfl/r101-dcn-2x", /"dconv"; they are plain deformable convolutions \(v1\)$/],
  ["gflv2/r101-2x-800", /can only be tested, its head stops when it trains; here it trains$/],
  ["ld-retina/r50-r101", /stops in its backward pass, which changes a tensor that it needs; here it runs$/],
])("%s: says by name what cannot run as published, and what is done instead", async (recipe, note) => {
  const said = await warnings(recipe);
  expect(said).toHaveLength(1);
  expect(said[0]).toMatch(note);
  expect(said[0]!.startsWith(`warning: ${recipe}: the `)).toBe(true);
});

test("self-LD on VOC: both of its troubles", async () => {
  const said = await warnings("self-ld/r18-voc");
  expect(said[0]).toMatch(teacher);
  expect(said[1]).toMatch(/^warning: self-ld\/r18-voc: it also lacks output_feature.*nothing here depends on that$/);
});

test("a recipe by one of its reference's names says the same under its own; one that runs as published says nothing", async () => {
  expect(await warnings("ld/ld_gflv1_r101_r18_fpn_coco_1x")).toEqual(await warnings("ld/r18-r101"));
  expect(await warnings("ldv2/r101dcn-r2n-2x")).toEqual([]);
  expect(await warnings("gfl/r18")).toEqual([]);
});
