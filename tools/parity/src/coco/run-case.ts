import { readFile } from "node:fs/promises";
import {
  type CocoEvaluation,
  type CocoGroundTruth,
  evaluateCoco,
  readDetections,
  readGroundTruth,
} from "@lad/coco-eval";
import { LadError } from "@lad/core";
import type { GoldenCase } from "./golden-case";
import { type CocoImage, type CocoRun, flat, imageLists } from "./read-coco-case";
import type { Report } from "./report";
import { exact, type Tolerance } from "./tolerance";

/** Means over recall levels and thresholds, in another order of summation. */
const meanTolerance: Tolerance = { relative: 0, ofLargest: 1e-12, floor: 1 };
const areaLabels = ["all", "small", "medium", "large"];

/** Family `coco_eval`, boxes: arrays bit for bit, means within 1e-12. @throws {LadError} UNSUPPORTED for masks and keypoints. */
export async function runCocoEval(golden: GoldenCase, report: Report): Promise<void> {
  const runs: readonly CocoRun[] = golden.config.runs;
  const other = runs.find(({ iouType }) => iouType !== "bbox");
  if (other) throw new LadError("UNSUPPORTED", `coco_eval: iouType ${other.iouType} is not supported (bbox is)`);
  const read = (kind: string) => readFile(golden.file.replace(/expected\.json$/, `${kind}.json`));
  const groundTruth = readGroundTruth(await read("gt"));
  const detections = readDetections(await read("dt"));
  for (const [number, run] of runs.entries()) {
    const evaluation = evaluateCoco(groundTruth, detections, optionsOf(run.paramsOverride));
    compareRun({ golden, report, prefix: `run${number}.` }, evaluation, run);
    for (const [index, image] of (run.evalImgs ?? []).entries()) {
      const found = imageOf(evaluation, groundTruth, image);
      for (const list of imageLists) {
        if (image[list]) report.compare("matches", `run${number}.evalImgs.${index}.${list}`, flat(found[list]), exact);
      }
    }
  }
}

type RunReplay = { readonly golden: GoldenCase; readonly report: Report; readonly prefix: string };

function compareRun({ golden, report, prefix }: RunReplay, evaluation: CocoEvaluation, run: CocoRun): void {
  report.compare("means", `${prefix}stats`, flat([...evaluation.stats]), meanTolerance);
  report.compare("means", `${prefix}precisionMeanOverRecall`, flat(meanOverRecall(evaluation)), meanTolerance);
  report.compare("arrays", `${prefix}counts`, flat([...evaluation.precision.shape]), exact);
  report.compare("arrays", `${prefix}imgIds`, flat([...evaluation.parameters.imageIds]), exact);
  report.compare("arrays", `${prefix}recall`, flat([...evaluation.recall.data]), exact);
  for (const { categoryId, ap, ap50, ar } of evaluation.perClass) {
    if (golden.has(`${prefix}perClass.${categoryId}`))
      report.compare("means", `${prefix}perClass.${categoryId}`, flat([ap, ap50, ar]), meanTolerance);
  }
  if (!run.arrays) return;
  for (const kind of ["precision", "recall", "scores"] as const) {
    report.compare("arrays", `${prefix}arrays.${kind}`, flat([...evaluation[kind].data]), exact);
  }
}

/** pycocotools' parameters as options of ours. */
function optionsOf(params: CocoRun["paramsOverride"]): Parameters<typeof evaluateCoco>[2] {
  const { iouThrs, recThrs, maxDets, areaRng, useCats, catIds, imgIds } = params as Record<string, number[]> & {
    areaRng?: number[][];
  };
  return {
    ...(iouThrs && { iouThresholds: iouThrs }),
    ...(recThrs && { recallThresholds: recThrs }),
    ...(maxDets && { maxDetections: maxDets }),
    ...(areaRng && {
      areaRanges: areaRng.map(([min, max], index) => ({ label: areaLabels[index]!, min: min!, max: max! })),
    }),
    ...(useCats !== undefined && { useCategories: Number(useCats) !== 0 }),
    ...(catIds && { categoryIds: catIds }),
    ...(imgIds && { imageIds: imgIds }),
  };
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

/** Our matches of an image in the reference's terms: ids instead of rows, ignored annotations last, 0 for none. */
function imageOf(
  evaluation: CocoEvaluation,
  { annotations }: CocoGroundTruth,
  { image_id, category_id, aRng, ious }: CocoImage,
): Record<(typeof imageLists)[number], unknown> {
  const found = evaluation.imageMatches(image_id, category_id);
  const area = found.areaRanges.find(({ areaRange }) => areaRange.min === aRng[0] && areaRange.max === aRng[1])!;
  const order = [...found.annotations.keys()].sort((a, b) => area.ignoredAnnotation[a]! - area.ignoredAnnotation[b]!);
  const [detections, gts] = found.ious.shape as [number, number];
  const gtId = (gt: number) => (gt < 0 ? 0 : annotations.ids[found.annotations[gt]!]!);
  const dtId = (detection: number) => (detection < 0 ? 0 : found.detections[detection]! + 1);
  const perThreshold = (data: ArrayLike<number>, count: number, at: (row: number) => number[]) =>
    [...evaluation.parameters.iouThresholds].map((_, t) => at(t * count).map((index) => data[index]!));
  const all = (count: number) => (start: number) => Array.from({ length: count }, (_, index) => start + index);
  return {
    dtIds: [...found.detections].map((row) => row + 1),
    gtIds: order.map(gtId),
    dtMatches: perThreshold(area.matchedAnnotation.data, detections, all(detections)).map((row) => row.map(gtId)),
    gtMatches: perThreshold(area.matchedDetection.data, gts, (start) => order.map((gt) => start + gt)).map((row) =>
      row.map(dtId),
    ),
    dtIgnore: perThreshold(area.ignoredDetection.data, detections, all(detections)),
    gtIgnore: order.map((gt) => area.ignoredAnnotation[gt]!),
    ious: ious ? [...found.ious.data] : [],
  };
}
