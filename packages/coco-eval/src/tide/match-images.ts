import { boxSimilarity } from "../box-similarity";
import type { CocoAnnotations, CocoDetections } from "../coco-types";
import { errorOf } from "./error-of";
import { bucket, type ImageGroups } from "./image-groups";
import type { TideGtOutcome, TideOutcome } from "./tide-types";

export type TideMatches = {
  /** Detection rows that count, image by image, best first. */
  readonly order: readonly number[];
  readonly outcomes: TideOutcome[];
  readonly ignored: Uint8Array;
  readonly annotations: Int32Array;
  /** 1 = the best Cls or Loc error of an object that was not found: a fix makes it true. */
  readonly owners: Uint8Array;
  readonly objects: TideGtOutcome[];
};

export type TideThresholds = { readonly foregroundIou: number; readonly backgroundIou: number };

/** Finds out what became of every detection and annotation. */
export function matchImages(
  groups: ImageGroups,
  detections: CocoDetections,
  annotations: CocoAnnotations,
  thresholds: TideThresholds,
): TideMatches {
  const matches: TideMatches = {
    order: [],
    outcomes: Array.from(groups.detectionImages, (image) => (image < 0 ? "dropped" : "cut")),
    ignored: new Uint8Array(groups.detectionImages.length),
    annotations: new Int32Array(groups.detectionImages.length).fill(-1),
    owners: new Uint8Array(groups.detectionImages.length),
    objects: Array.from(groups.annotationImages, (image, row) =>
      image < 0 ? "dropped" : annotations.isCrowd[row] === 1 ? "crowd" : "Miss",
    ),
  };
  const order: number[] = [];
  for (let image = 0; image < groups.images; image++) {
    const rows = bucket(groups.detections, image).subarray(0, groups.limit);
    for (const row of rows) order.push(row);
    matchImage(matches, detections, annotations, thresholds, {
      rows,
      objects: bucket(groups.objects, image),
      crowds: bucket(groups.crowds, image),
    });
  }
  return { ...matches, order };
}

type ImageRows = { readonly rows: Int32Array; readonly objects: Int32Array; readonly crowds: Int32Array };

function matchImage(
  matches: TideMatches,
  detections: CocoDetections,
  annotations: CocoAnnotations,
  thresholds: TideThresholds,
  { rows, objects, crowds }: ImageRows,
): void {
  const similarity = boxSimilarity(detections.boxes!, annotations.boxes, annotations.isCrowd);
  const ious = new Float64Array(rows.length * objects.length);
  similarity(rows, objects, ious);
  const inCrowds = new Float64Array(rows.length * crowds.length);
  similarity(rows, crowds, inCrowds);
  const sameClass = (d: number, annotation: number) =>
    detections.categoryIds[rows[d]!] === annotations.categoryIds[annotation];
  for (let d = 0; d < rows.length; d++) {
    const best = bestFree(matches, objects, (g) => (sameClass(d, objects[g]!) ? ious[d * objects.length + g]! : 0));
    if (best.g < 0 || best.iou < thresholds.foregroundIou) continue;
    matches.objects[objects[best.g]!] = "Found";
    matches.outcomes[rows[d]!] = "TP";
    matches.annotations[rows[d]!] = objects[best.g]!;
  }
  for (let d = 0; d < rows.length; d++) {
    const row = rows[d]!;
    if (matches.outcomes[row] === "TP") continue;
    const inside = (c: number) => inCrowds[d * crowds.length + c]! > thresholds.foregroundIou;
    if (crowds.some((crowd, c) => sameClass(d, crowd) && inside(c))) matches.ignored[row] = 1;
    const { kind, object } = errorOf(thresholds, objects.length, (g) => ({
      iou: ious[d * objects.length + g]!,
      same: sameClass(d, objects[g]!),
      found: matches.objects[objects[g]!] === "Found",
    }));
    matches.outcomes[row] = kind;
    if (object < 0) continue;
    matches.annotations[row] = objects[object]!;
    // detections come best first, so the first at an object that was not found owns it
    if (kind === "Dupe" || matches.objects[objects[object]!] !== "Miss") continue;
    matches.objects[objects[object]!] = "Covered";
    matches.owners[row] = 1;
  }
}

/** The first object of greatest overlap among those not found yet. */
function bestFree({ objects: outcomes }: TideMatches, objects: Int32Array, overlap: (g: number) => number) {
  const best = { g: -1, iou: -1 };
  for (let g = 0; g < objects.length; g++) {
    if (outcomes[objects[g]!] === "Found") continue;
    const iou = overlap(g);
    if (iou > best.iou) Object.assign(best, { g, iou });
  }
  return best;
}
