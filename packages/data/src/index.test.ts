import { expect, it } from "vitest";
import * as data from "./index";

it("exports what the README lists", () => {
  expect(Object.keys(data).sort()).toEqual([
    "collate",
    "decodeImage",
    "drawnShapes",
    "flipImage",
    "keepRatioSize",
    "normalizeImage",
    "openDataset",
    "padImage",
    "prepareSample",
    "readCoco",
    "readVoc",
    "resizeCv2",
    "resizeCv2Float",
    "resizePillow",
    "sampleLoader",
    "samplePool",
    "shortSideSize",
    "testBatches",
    "toCocoResults",
    "trainBatches",
    "trainable",
  ]);
});
