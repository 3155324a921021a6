import { type AtssAssignment, valuableRegion } from "@lad/assigners";
import { concatBoxes, gridAnchors, validAnchors } from "@lad/boxes";
import { type Assignment, type NdArray, ndArray, type TypedArray } from "@lad/core";
import type { DenseOut, DistributionDetector } from "@lad/detectors";
import type { Batch } from "@lad/tensor";
import { assignerOptions } from "./build-gfl";
import type { GoldenCase } from "./golden-case";
import type { Report } from "./report";
import { exact, forwardTolerance } from "./tolerance";

type AtssComparison = {
  readonly golden: GoldenCase;
  readonly report: Report;
  readonly detector: DistributionDetector;
  readonly out: DenseOut;
  readonly batch: Batch;
  readonly targets: Assignment;
};

/** Compares the anchors, which take part, what they were matched with and why, and the valuable localization region: `assign.*`. */
export function compareAtss({ golden, report, detector, out, batch, targets }: AtssComparison): void {
  const { images } = targets as AtssAssignment;
  const levels = gridAnchors(detector.anchors!, out.featureSizes);
  const anchors = concatBoxes(levels);
  const count = anchors.shape[0]!;
  report.compare("anchors", "assign.anchors", anchors, exact);
  const valid = batch.sizes.map(({ padded }) => validAnchors(detector.anchors!, out.featureSizes, padded));
  images.forEach(({ thresholds, overlaps }, image) => {
    const compare = (name: string, values: TypedArray, tolerance = exact) =>
      golden.has(`assign.${name}.${image}`) &&
      report.compare("assignment", `assign.${name}.${image}`, vector(values), tolerance);
    compare("valid", valid[image]!);
    const part = image * count;
    const taken = targets.matchedGt.subarray(part, part + count);
    compare(
      "gt_inds",
      taken.map((gt, anchor) => gtIndex(gt, targets.labelWeights[part + anchor]!, valid[image]![anchor]!)),
    );
    compare("max_overlaps", overlaps, forwardTolerance);
    compare("thr", thresholds, forwardTolerance);
  });
  const levelSizes = levels.map(({ shape }) => shape[0]!);
  const regions = valuableRegion(anchors, levelSizes, batch, valid, assignerOptions(golden.config));
  regions.forEach((weights, image) => {
    const name = `assign.vlr.${image}`;
    if (golden.has(name)) report.compare("regions", name, vector(weights), forwardTolerance);
  });
}

/** The reference counts ground truths from 1; 0 is background, also in the padding, -1 ignored. */
export function gtIndex(gt: number, weight: number, valid: number): number {
  if (gt >= 0) return gt + 1;
  return weight === 0 && valid ? -1 : 0;
}

export function vector<A extends TypedArray>(values: A): NdArray<A> {
  return ndArray(values, [values.length]);
}
