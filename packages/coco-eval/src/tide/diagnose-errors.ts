import type { CocoDetections, CocoGroundTruth } from "../coco-types";
import { positionsOf } from "../group-rows";
import { idIndex } from "../id-index";
import { sortedUnique } from "../sorted-unique";
import { checkTide } from "./check-tide";
import { baseList, fixedList, type ListInputs } from "./counted-lists";
import { imageGroups } from "./image-groups";
import { matchImages, type TideMatches } from "./match-images";
import { tideAp } from "./tide-ap";
import {
  type TideAp,
  type TideDiagnosis,
  type TideError,
  type TideFix,
  type TideGtOutcome,
  type TideKind,
  type TideOptions,
  tideKinds,
} from "./tide-types";

/**
 * Splits the AP that detections lose into kinds of error: what AP would be if each kind alone were mended (TIDE, arXiv:2008.08115). Boxes
 * xywh px, one IoU threshold. Matching is TIDE's, not COCO's: the best `maxDetections` of an image over all classes, no area ranges, and a
 * class without objects that is detected has AP 0.
 * Detections and annotations on unknown images are left aside.
 * @throws {LadError} INVALID_ARGUMENT for an option, INVALID_DATA for an annotation without box, NON_FINITE.
 * Numbers are those of tidecv 1.0.1.
 */
export function diagnoseErrors(
  groundTruth: CocoGroundTruth,
  detections: CocoDetections,
  { foregroundIou = 0.5, backgroundIou = 0.1, maxDetections = 100 }: TideOptions = {},
): TideDiagnosis {
  checkTide(groundTruth, detections, { foregroundIou, backgroundIou, maxDetections });
  const { annotations } = groundTruth;
  const groups = imageGroups(groundTruth, detections, maxDetections);
  const matches = matchImages(groups, detections, annotations, { foregroundIou, backgroundIou });
  const classIds = sortedUnique([...new Set([...detections.categoryIds, ...annotations.categoryIds])]);
  const classIndex = idIndex(classIds);
  const inputs: ListInputs = {
    matches,
    scores: detections.scores,
    detectionClasses: positionsOf(detections.categoryIds, classIndex),
    annotationClasses: positionsOf(annotations.categoryIds, classIndex),
  };
  const objectsOf = (...outcomes: TideGtOutcome[]) =>
    countClasses(inputs.annotationClasses, classIds.length, (row) => outcomes.includes(matches.objects[row]!));
  const positives = objectsOf("Found", "Covered", "Miss");
  const base = tideAp(baseList(inputs), classIds, positives);
  const fixed = (fix: TideFix, left = positives) => gain(base, tideAp(fixedList(inputs, fix), classIds, left));
  const error = (kind: TideKind): TideError => {
    const gained = fixed(kind, kind === "Miss" ? objectsOf("Found", "Covered") : positives);
    return { ...gained, lost: Math.max(gained.lost, 0), ...countsOf(matches, kind) };
  };
  return {
    ...base,
    errors: Object.fromEntries(tideKinds.map((kind) => [kind, error(kind)])) as TideDiagnosis["errors"],
    falsePositives: fixed("FalsePos"),
    falseNegatives: fixed("FalseNeg", objectsOf("Found")),
    totals: totalsOf(matches),
    positives: new Map(Array.from(classIds, (id, c) => [id, positives[c]!] as const).filter(([, count]) => count > 0)),
    detections: { outcomes: matches.outcomes, ignored: matches.ignored, annotations: matches.annotations },
    annotations: matches.objects,
  };
}

function gain(base: TideAp, fixed: TideAp): TideAp & { lost: number } {
  return { ...fixed, lost: fixed.ap < 0 ? 0 : fixed.ap - base.ap };
}

function countClasses(classOf: Int32Array, classes: number, counts: (row: number) => boolean): Int32Array {
  const counted = new Int32Array(classes);
  for (let row = 0; row < classOf.length; row++) if (counts(row)) counted[classOf[row]!]!++;
  return counted;
}

function countsOf({ order, outcomes, ignored, owners, objects }: TideMatches, kind: TideKind) {
  if (kind === "Miss") {
    const count = objects.filter((outcome) => outcome === "Miss").length;
    return { count, ignored: 0, fixable: count };
  }
  const rows = order.filter((row) => outcomes[row] === kind);
  const those = (marks: Uint8Array) => rows.filter((row) => marks[row] === 1).length;
  return { count: rows.length, ignored: those(ignored), fixable: those(owners) };
}

function totalsOf({ order, outcomes, ignored, objects }: TideMatches): TideDiagnosis["totals"] {
  const truePositives = order.filter((row) => outcomes[row] === "TP").length;
  const inCrowds = order.filter((row) => ignored[row] === 1).length;
  const found = objects.filter((outcome) => outcome === "Found").length;
  const falseNegatives = objects.filter((outcome) => outcome === "Miss" || outcome === "Covered").length;
  return {
    truePositives,
    falsePositives: order.length - truePositives - inCrowds,
    ignored: inCrowds,
    cut: outcomes.filter((outcome) => outcome === "cut").length,
    objects: found + falseNegatives,
    falseNegatives,
  };
}
