import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, it } from "vitest";
import { drawDetections, drawGroundTruth } from "../lib/coco-scene.mjs";
import { writeJsonList } from "../lib/write-json-list.mjs";

const options = { seed: 3, images: 30, classes: 20, annotationsPerImage: 7.34, crowdShare: 0.05 };

it("draws the same problem from the same seed, and of the size asked for", () => {
  const truth = drawGroundTruth(options);
  expect(drawGroundTruth(options)).toEqual(truth);
  expect(drawGroundTruth({ ...options, seed: 4 })).not.toEqual(truth);
  expect(truth.images).toHaveLength(30);
  const crowds = truth.annotations.filter(({ iscrowd }: { iscrowd: number }) => iscrowd === 1);
  expect(crowds.length).toBeGreaterThan(0);
  const found = [...drawDetections(truth, { seed: 2, perImage: 10 })];
  expect(found).toHaveLength(300);
  expect(found.every(({ bbox, score }) => [...bbox, score].every((value) => Math.fround(value) === value))).toBe(true);
});

it("writes what JSON.parse reads back, masks among it", () => {
  const truth = drawGroundTruth({ ...options, masks: true });
  const found = [...drawDetections(truth, { seed: 2, perImage: 4, masks: true })];
  const folder = mkdtempSync(join(tmpdir(), "lad-scene-"));
  try {
    writeJsonList(join(folder, "dt.json"), found);
    const text = readFileSync(join(folder, "dt.json"), "utf8");
    expect(JSON.parse(text)).toEqual(found);
    expect(text).toMatch(
      /^\[\{"image_id": 139, "category_id": \d+, "segmentation": \{"size": \[\d+, \d+\], "counts": "/,
    );
  } finally {
    rmSync(folder, { recursive: true });
  }
});
