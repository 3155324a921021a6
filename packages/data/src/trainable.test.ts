import { ndArray } from "@lad/core";
import { expect, it } from "vitest";
import { datasetImage } from "../test/helpers";
import { trainable } from "./trainable";

const crowd = ndArray(Float32Array.of(0, 0, 4, 4), [1, 4]);
const dataset = {
  name: "set",
  classes: ["a"],
  categoryIds: [1],
  images: [
    datasetImage({ id: "good", width: 64, height: 32 }),
    datasetImage({ id: "low", width: 64, height: 31 }),
    datasetImage({ id: "empty", width: 64, height: 64, boxList: [] }),
    datasetImage({ id: "crowd", width: 64, height: 64, boxList: [], ignoreBoxes: crowd }),
  ],
  warnings: ["before"],
};
const ids = (options?: Parameters<typeof trainable>[1]) => trainable(dataset, options).images.map(({ id }) => id);

it("keeps pictures with boxes that are large enough, and says what it dropped", () => {
  expect(ids()).toEqual(["good"]);
  expect(trainable(dataset).warnings).toEqual([
    "before",
    "set: 2 images without boxes are not trained on",
    "set: 1 images with a side below 32 px are not trained on",
  ]);
  expect(dataset.images).toHaveLength(4);
});

it("follows its options", () => {
  expect(ids({ minSide: 1 })).toEqual(["good", "low"]);
  expect(ids({ keepIgnoredOnly: true })).toEqual(["good", "crowd"]);
  expect(trainable({ ...dataset, images: [dataset.images[0]!] }).warnings).toEqual(["before"]);
});
