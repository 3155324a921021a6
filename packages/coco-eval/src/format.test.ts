import { describe, expect, it } from "vitest";
import { evaluateCoco } from "./evaluate-coco";
import { formatFixed } from "./format-fixed";
import { formatPerClass } from "./format-per-class";
import { meanOfMeasured } from "./mean-of-measured";
import { readDetections } from "./read-detections";
import { readGroundTruth } from "./read-ground-truth";
import { summarize } from "./summarize";

const truth = readGroundTruth({
  images: [{ id: 1 }],
  categories: [
    { id: 1, name: "cat" },
    { id: 2, name: "long name" },
  ],
  annotations: [{ id: 1, image_id: 1, category_id: 1, bbox: [0, 0, 10, 10], area: 100, iscrowd: 0 }],
});
const evaluation = evaluateCoco(
  truth,
  readDetections([{ image_id: 1, category_id: 1, bbox: [0, 0, 10, 9], score: 1 }]),
);

describe("formatFixed", () => {
  it.each([
    [0.0625, 3, "0.062"],
    [0.1875, 3, "0.188"],
    [-0.0625, 3, "-0.062"],
    [0.625, 2, "0.62"],
    [0.375, 2, "0.38"],
    [0.5, 2, "0.50"],
    [0.9999999999999998, 3, "1.000"],
    [0.0005, 3, "0.001"],
    [-1, 3, "-1.000"],
  ])("writes %d with %d digits as Python does", (value, digits, text) => {
    expect(formatFixed(value, digits)).toBe(text);
  });
});

describe("summarize", () => {
  it("prints the table of pycocotools", () => {
    const lines = summarize(evaluation).split("\n");
    expect(lines).toHaveLength(12);
    expect(lines[0]).toBe(" Average Precision  (AP) @[ IoU=0.50:0.95 | area=   all | maxDets=100 ] = 0.900");
    expect(lines[2]).toBe(" Average Precision  (AP) @[ IoU=0.75      | area=   all | maxDets=100 ] = 1.000");
    expect(lines[6]).toBe(" Average Recall     (AR) @[ IoU=0.50:0.95 | area=   all | maxDets=  1 ] = 0.900");
    expect(lines[11]).toBe(" Average Recall     (AR) @[ IoU=0.50:0.95 | area= large | maxDets=100 ] = -1.000");
  });
});

describe("formatPerClass", () => {
  it("aligns names and writes - where nothing is to be found", () => {
    expect(formatPerClass(evaluation).split("\n")).toEqual([
      "category       AP    AP50      AR",
      "cat         0.900   1.000   0.900",
      "long name       -       -       -",
    ]);
  });
});

describe("meanOfMeasured", () => {
  it("leaves -1 out, and is -1 if nothing is left", () => {
    expect(meanOfMeasured(Float64Array.of(-1, 0.5, -1, 0.25))).toBe(0.375);
    expect(meanOfMeasured(Float64Array.of(-1, -1))).toBe(-1);
    expect(meanOfMeasured(new Float64Array(0))).toBe(-1);
  });

  it("adds in numpy's order", () => {
    const values = Float64Array.from({ length: 1003 }, (_, i) => 1 / (i + 1));
    expect(meanOfMeasured(values)).toBe(numpyMeanOfReciprocals);
  });
});

/** numpy 2.4: np.mean(1 / np.arange(1, 1004)) */
const numpyMeanOfReciprocals = 0.00746606667449097;
