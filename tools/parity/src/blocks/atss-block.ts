import { assignAtss, valuableRegion } from "@lad/assigners";
import { concatBoxes, gridAnchors } from "@lad/boxes";
import { type NdArray, ndArray } from "@lad/core";
import { imitationCells } from "@lad/distill";
import { gtIndex, vector } from "../compare-atss";
import type { GoldenCase } from "../golden-case";
import { prefixed } from "../prefixed";
import type { Report } from "../report";
import { exact, forwardTolerance } from "../tolerance";

type Scenario = {
  readonly num_level_anchors: readonly number[];
  readonly hw: readonly [number, number];
  /** Only so many of the coarsest levels. */
  readonly sub?: number;
  /** Share of an anchor under an ignore box from which it is ignored. */
  readonly thr?: number;
  readonly topk?: number;
};

/** ATSS, the valuable localization region and the regions of feature imitation on given anchors. */
export function atssBlock(golden: GoldenCase, report: Report): void {
  for (const [index, scenario] of (golden.config.scenarios as Scenario[]).entries())
    scenarioBlock(prefixed(golden, `s${index}`), report, scenario, golden.config);
}

function scenarioBlock(
  golden: GoldenCase,
  report: Report,
  { num_level_anchors, hw, sub, thr = -1, topk = 9 }: Scenario,
  config: GoldenCase["config"],
): void {
  const anchors = golden.take("anchors") as NdArray;
  const [height, width] = hw;
  const strides: number[] = config.strides;
  const used = sub ? strides.slice(-sub) : strides;
  const grid = { strides: used, scale: config.octave_base_scale, scalesPerOctave: 1, ratios: [1], offset: 0 };
  const sizes = used.map((stride) => ({ height: Math.ceil(height / stride), width: Math.ceil(width / stride) }));
  const group = golden.name;
  report.compare(group, "anchors", concatBoxes(gridAnchors(grid, sizes)), exact, golden);

  const boxes = boxesOf(golden, "gt");
  const labels = Int32Array.from(golden.take("labels").data);
  const batch = { boxes: [boxes], labels: [labels], ignoreBoxes: [boxesOf(golden, "ignore")] };
  const valid = [new Uint8Array(anchors.shape[0]!).fill(1)];
  const options = { topk, ignoreIofThreshold: thr };
  const classes = labels.reduce((most, label) => Math.max(most, label), 0) + 1;
  const {
    images,
    matchedGt,
    labelWeights,
    labels: assigned,
  } = assignAtss(anchors, num_level_anchors, batch, valid, { ...options, classes });
  const compare = (name: string, actual: NdArray<Float32Array | Int32Array | Uint8Array>, tolerance = exact) =>
    golden.has(name) && report.compare(group, name, actual, tolerance, golden);
  compare("gt_inds", vector(matchedGt.map((gt, anchor) => gtIndex(gt, labelWeights[anchor]!, 1))));
  compare("assigned_labels", vector(assigned.map((label, anchor) => (matchedGt[anchor]! >= 0 ? label : -1))));
  compare("max_overlaps", vector(images[0]!.overlaps), forwardTolerance);
  compare("thr", vector(images[0]!.thresholds), forwardTolerance);
  compare("vlr", vector(valuableRegion(anchors, num_level_anchors, batch, valid, options)[0]!), forwardTolerance);
  compare("im_finegrained", vector(imitationCells(anchors, boxes, valid[0]!, "fineGrained")));
  compare("im_ingt", vector(imitationCells(anchors, boxes, valid[0]!, "fitnet")));
}

function boxesOf(golden: GoldenCase, name: string): NdArray {
  if (!golden.has(name)) return ndArray(new Float32Array(0), [0, 4]);
  const { data } = golden.take(name);
  return ndArray(Float32Array.from(data), [data.length / 4, 4]);
}
