import { readFile } from "node:fs/promises";
import { type CocoEvaluation, evaluateCoco, readDetections, readGroundTruth } from "@lad/coco-eval";
import type { GoldenCase } from "../golden-case";
import type { Report } from "../report";
import { exact, type Tolerance } from "../tolerance";
import { runErrors } from "./errors";
import { imageOf } from "./image-lists";
import { optionsOf } from "./options";
import { type CocoConfig, type CocoRun, imageLists } from "./read-case";
import { runRle } from "./rle";
import { flat } from "./tensors";

/** Means over recall levels and thresholds, in another order of summation. */
const meanTolerance: Tolerance = { relative: 0, ofLargest: 1e-12, floor: 1 };
/** Object keypoint similarity: another exponential function. */
const oksTolerance: Tolerance = { relative: 0, ofLargest: 1e-9, floor: 1 };

/** Family `coco_eval`: arrays bit for bit, means within 1e-12, object keypoint similarities within 1e-9. */
export async function runCocoEval(golden: GoldenCase, report: Report): Promise<void> {
  const config: CocoConfig = golden.config;
  if (config.kind === "rle") return runRle(config.rle, report);
  if (config.kind === "errors") return runErrors(config.cases, golden, report);
  const read = (kind: string) => readFile(golden.file.replace(/expected\.json$/, `${kind}.json`));
  const [truthFile, detectionFile] = await Promise.all([read("gt"), read("dt")]);
  for (const [number, run] of config.runs.entries()) {
    const { iouType } = run;
    const groundTruth = readGroundTruth(truthFile, { iouType });
    const results = run.dropBboxFromDetections ? withoutBoxes(detectionFile) : detectionFile;
    const detections = readDetections(results, { iouType, images: groundTruth.images });
    const evaluation = evaluateCoco(groundTruth, detections, optionsOf(run));
    compareRun({ golden, report, prefix: `run${number}.` }, evaluation, run);
    for (const [index, image] of (run.evalImgs ?? []).entries()) {
      const found = imageOf(evaluation, groundTruth, image);
      for (const list of imageLists) {
        const tolerance = list === "ious" && iouType === "keypoints" ? oksTolerance : exact;
        if (image[list])
          report.compare("matches", `run${number}.evalImgs.${index}.${list}`, flat(found[list]), tolerance);
      }
    }
  }
}

function withoutBoxes(file: Uint8Array): object[] {
  const detections = JSON.parse(new TextDecoder().decode(file)) as { readonly bbox?: unknown }[];
  return detections.map(({ bbox: _, ...rest }) => rest);
}

type RunReplay = { readonly golden: GoldenCase; readonly report: Report; readonly prefix: string };

function compareRun({ golden, report, prefix }: RunReplay, evaluation: CocoEvaluation, run: CocoRun): void {
  report.compare("means", `${prefix}stats`, flat([...evaluation.stats]), meanTolerance);
  report.compare("means", `${prefix}precisionMeanOverRecall`, flat(meanOverRecall(evaluation)), meanTolerance);
  report.compare("arrays", `${prefix}counts`, flat([...evaluation.precision.shape]), exact);
  report.compare("arrays", `${prefix}imgIds`, flat([...evaluation.parameters.imageIds]), exact);
  report.compare("arrays", `${prefix}recall`, flat([...evaluation.recall.data]), exact);
  compareClasses({ golden, report, prefix }, evaluation);
  if (!run.arrays) return;
  for (const kind of ["precision", "recall", "scores"] as const) {
    report.compare("arrays", `${prefix}arrays.${kind}`, flat([...evaluation[kind].data]), exact);
  }
}

/** Compares AP, AP50 and AR of the classes that the case has. */
export function compareClasses({ golden, report, prefix }: RunReplay, { perClass }: CocoEvaluation): void {
  for (const { categoryId, ap, ap50, ar } of perClass) {
    const name = `${prefix}perClass.${categoryId}`;
    if (golden.has(name)) report.compare("means", name, flat([ap, ap50, ar]), meanTolerance);
  }
}

function meanOverRecall({ precision: { data, shape } }: CocoEvaluation): number[] {
  const [thresholds, levels, ...rest] = shape as [number, number, number, number, number];
  const cells = rest.reduce((product, side) => product * side, 1);
  return Array.from({ length: thresholds * cells }, (_, index) => {
    const start = Math.floor(index / cells) * levels * cells + (index % cells);
    let sum = 0;
    for (let level = 0; level < levels; level++) sum += data[start + level * cells]!;
    return sum / levels;
  });
}
