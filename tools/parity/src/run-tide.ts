import { readFile } from "node:fs/promises";
import { readDetections, readGroundTruth } from "@lad/coco-eval";
import { diagnoseErrors, type TideDiagnosis, type TideFix, tideKinds } from "@lad/coco-eval/tide";
import { flat } from "./coco/tensors";
import type { GoldenCase } from "./golden-case";
import { byClass, labels, tideFixes } from "./read-tide-case";
import type { Report } from "./report";
import { exact, type Tolerance } from "./tolerance";

/** 1e-9 of numbers in per cent. */
const apTolerance: Tolerance = { relative: 0, ofLargest: 1e-11, floor: 100 };

/** Error diagnoses of family `coco_eval`: APs and what each fix gains within 1e-9, counts and the label of every detection and annotation exact. */
export async function runTide(golden: GoldenCase, report: Report): Promise<void> {
  const read = (kind: string) => readFile(golden.file.replace(/tide\.json$/, `${kind}.json`));
  const { posThresh, bgThresh, maxDets } = golden.config;
  const diagnosis = diagnoseErrors(readGroundTruth(await read("gt")), readDetections(await read("dt")), {
    foregroundIou: posThresh,
    backgroundIou: bgThresh,
    maxDetections: maxDets,
  });
  const fixes = tideFixes.map((fix) => fixOf(diagnosis, fix));
  const counts = (what: "count" | "ignored" | "fixable") => flat(tideKinds.map((kind) => diagnosis.errors[kind][what]));
  report.compare("ap", "AP", flat([100 * diagnosis.ap]), apTolerance);
  compareClasses(report, "perClassAP", diagnosis.perClass);
  report.compare("ap", "fixedAP", flat(fixes.map(({ ap }) => 100 * ap)), apTolerance);
  report.compare("ap", "lost", flat(fixes.map(({ lost }) => 100 * lost)), apTolerance);
  tideFixes.forEach((fix, index) => {
    compareClasses(report, `perClassFixedAP.${fix}`, fixes[index]!.perClass);
  });
  report.compare("counts", "counts", counts("count"), exact);
  report.compare("counts", "countsIgnored", counts("ignored"), exact);
  report.compare("counts", "countsFixable", counts("fixable"), exact);
  report.compare("counts", "totals", flat(Object.values(diagnosis.totals)), exact);
  const measured = [...diagnosis.perClass.keys()].map((id) => [id, diagnosis.positives.get(id) ?? 0] as const);
  for (const [name, values] of Object.entries(byClass("npos", measured))) report.compare("counts", name, values, exact);
  const { outcomes, ignored, annotations } = diagnosis.detections;
  const marked = outcomes.map((outcome, row) => `${outcome}${ignored[row] ? "*" : ""}`);
  report.compare("labels", "detections", labels(marked), exact);
  report.compare("labels", "detectionGt", flat([...annotations]), exact);
  report.compare("labels", "gts", labels(diagnosis.annotations), exact);
}

/** APs of the classes in the mean, in per cent, and which classes these are. */
function compareClasses(report: Report, name: string, perClass: ReadonlyMap<number, number>): void {
  const vectors = byClass(
    name,
    [...perClass].map(([id, ap]) => [id, 100 * ap] as const),
  );
  report.compare("ap", name, vectors[name]!, apTolerance);
  report.compare("counts", `${name}.ids`, vectors[`${name}.ids`]!, exact);
}

function fixOf({ errors, falsePositives, falseNegatives }: TideDiagnosis, fix: TideFix) {
  if (fix === "FalsePos") return falsePositives;
  return fix === "FalseNeg" ? falseNegatives : errors[fix];
}
