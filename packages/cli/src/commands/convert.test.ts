import { mkdtemp, readdir, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { loadSafetensors, saveSafetensors } from "@lad/checkpoints";
import { ndArray } from "@lad/core";
import { detectron2File, torchFile, zipFile } from "@lad/testing";
import { afterAll, beforeAll, expect, test } from "vitest";
import { run } from "../../test/tiny";

let directory = "";
const at = (name: string) => path.join(directory, name);
beforeAll(async () => {
  directory = await mkdtemp(path.join(tmpdir(), "lad-convert-"));
});
afterAll(() => rm(directory, { recursive: true }));

const values = (...data: number[]) => ndArray(Float32Array.from(data), [data.length]);
const record = { "backbone.bn1.weight": values(1, 2, 3), "bbox_head.atss_cls.bias": values(4) };
const tensorsIn = async (name: string) => (await loadSafetensors(at(name))).tensors;

test("PyTorch's checkpoints become safetensors, without what optimisers keep", async () => {
  const optimizer = "X\x09\0\0\0optimizer}X\x02\0\0\0lrG\x3f\xe0\0\0\0\0\0\0s";
  const meta = "X\x04\0\0\0meta}X\x05\0\0\0epochK\x0cs";
  await writeFile(at("mmdet.pth"), torchFile(record, { key: "state_dict", beside: meta + optimizer }));
  expect(await run("convert", at("mmdet.pth"), at("mmdet.safetensors"))).toMatchObject({ code: 0 });
  expect(await loadSafetensors(at("mmdet.safetensors"))).toMatchObject({ tensors: record, metadata: { epoch: "12" } });
});

test("detectron2's pickles get our names, or keep theirs; the predictors those of the head that is asked for", async () => {
  const theirs = { "backbone.bottom_up.stem.conv1.norm.weight": values(1), "head.cls_score.bias": values(2) };
  await writeFile(at("d2.pkl"), detectron2File(theirs));
  const converted = await run("convert", at("d2.pkl"), at("d2.safetensors"));
  expect(converted.text).toContain(
    "2 names of detectron2 became ours: backbone.bottom_up.stem.conv1.norm.weight is now backbone.bn1.weight",
  );
  expect(Object.keys(await tensorsIn("d2.safetensors")).sort()).toEqual([
    "backbone.bn1.weight",
    "bbox_head.retina_cls.bias",
  ]);
  await run("convert", at("d2.pkl"), at("d2.safetensors"), "--keep-names");
  expect(await tensorsIn("d2.safetensors")).toEqual(theirs);
  await run("convert", at("d2.pkl"), at("d2.safetensors"), "--head", "atss");
  expect(await tensorsIn("d2.safetensors")).toHaveProperty(["bbox_head.atss_cls.bias"]);
});

test("our training states: states of optimisers are named and left out", async () => {
  await saveSafetensors(at("state.safetensors"), {
    "student.conv.weight": values(1),
    "state/optimizer/0/conv.weight": values(2),
  });
  const converted = await run("convert", at("state.safetensors"), at("weights.safetensors"));
  expect(converted.text).toContain("left out, since they are no weights: state/optimizer/0/conv.weight");
  expect(await tensorsIn("weights.safetensors")).toEqual({ "student.conv.weight": values(1) });
});

test("hostile, damaged, empty and missing files are refused and leave nothing behind", async () => {
  const pickle = Uint8Array.from("\x80\x02cposix\nsystem\nX\x04\0\0\0true\x85R.", (letter) => letter.charCodeAt(0));
  await writeFile(at("hostile.pth"), zipFile({ "a/data.pkl": pickle }));
  await writeFile(at("empty.pth"), torchFile({}));
  const failure = async (name: string) => (await run("convert", at(name), at("out.safetensors"))).text;
  expect(await failure("hostile.pth")).toMatch(/hostile\.pth.*forbidden global posix\.system at byte 2/);
  expect(await failure("empty.pth")).toContain("empty.pth holds no weights");
  expect(await failure("none.pth")).toContain("there is no");
  expect(await readdir(directory)).not.toContain("out.safetensors");
  expect(await run("convert", at("d2.pkl"), at("d2.pth"))).toMatchObject({ code: 2 });
  expect(await run("convert", at("d2.pkl"), at("a.safetensors"), "--head", "x")).toMatchObject({ code: 2 });
  expect(await run("convert", at("d2.pkl"), at("a.safetensors"), "--max-expanded", "0")).toMatchObject({ code: 2 });
});
