import { expect, test } from "vitest";
import { findRecipe, recipes } from "../find-recipe";
import { resolveConfig } from "../resolve-config";

const settingsOf = (name: string) => resolveConfig(findRecipe(name).config);

test.each([
  ["ld/ld_gflv1_r101_r18_fpn_coco_1x", "gfl/r101-2x", 36.5, 6, 12],
  ["ld/ld_gflv1_r101dcn_r101_fpn_coco_2x", "gfl/r101-dcn-2x", 45.4, 6, 24],
  ["self-ld/x101-dcn", "gfl/x101-dcn", 47.5, 4, 12],
  ["ld/ld_gflv2_r2n_r2n_fpn_coco_2x", "gflv2/r2n101-dcn-2x", 51, 16, 24],
  ["ld/ld_gflv1_r101_r18_fpn_voc", "gfl/r101-voc", 53, 6, 4],
])("%s: teacher, figure, batch, epochs; a rate of 0.01 for 16 images", (name, teacher, ap, batch, epochs) => {
  expect(findRecipe(name)).toMatchObject({ teacher, expected: { ap } });
  expect(settingsOf(name)).toMatchObject({ batch, epochs, learningRate: 0.01, learningRateBatch: 16 });
});

test("VOC goes three times through trainval an epoch and is judged on test; multi-scale by version", () => {
  expect(settingsOf("ld/r18-r101-voc")).toMatchObject({
    ...{ training: { split: "trainval", repeat: 3 }, validation: { split: "test" }, milestones: [3] },
  });
  expect(settingsOf("gflv2/r101-voc")).toMatchObject({
    ...{ training: { split: "trainval", repeat: 1, keepIgnoredOnly: true }, validation: { split: "test" } },
    ...{ epochs: 24, milestones: [16, 22], batch: 16, pipeline: { resize: { short: [480, 800] } } },
  });
  expect(settingsOf("gfl/r50")).toMatchObject({ training: { split: "train", repeat: 1 } });
  expect(settingsOf("gfl/r101-2x").pipeline.resize).toMatchObject({ short: [480, 800] });
  expect(settingsOf("gflv2/r101-2x-800")).toMatchObject({ batch: 16, pipeline: { resize: { short: [480, 800] } } });
  expect(settingsOf("gflv2/r101-2x").pipeline.resize).toMatchObject({ short: [480, 960] });
});

test("what cannot run as published says so", () => {
  for (const name of ["ld/r18-r101", "ld/r34-r101", "ld/r101-r101dcn-2x", "ldv2/r101-r101dcn-2x", "ld/r18-r101-voc"])
    expect(findRecipe(name).notes?.join()).toMatch(/reg_max|not there/);
  expect(findRecipe("self-ld/r18").notes).toBeUndefined();
});

test("every LD recipe's teacher has the backbone and version of its own recipe", () => {
  const taught = recipes.filter(({ name }) => /^(self-)?ld(v2)?(-full)?\//.test(name));
  expect(taught).toHaveLength(23);
  for (const { name, summary, teacher } of taught) {
    const own = findRecipe(teacher!).summary;
    const [version, backbone] = [/GFocal V\d/.exec(summary)![0], summary.split("taught by ")[1]];
    expect(`${name}: ${own}`).toBe(`${name}: ${version} ${backbone}`);
  }
});
