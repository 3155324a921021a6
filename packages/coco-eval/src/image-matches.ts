import { LadError, ndArray } from "@lad/core";
import type { AreaRange, CocoAreaMatches, CocoEvaluation, CocoImageMatches } from "./coco-types";
import type { Grouping } from "./group-rows";
import type { MatchInputs } from "./match-column";
import { type GroupMatches, groupMatcher } from "./match-group";

/** Makes the function that matches one image and category again. */
export function imageMatcher(inputs: MatchInputs, groups: Grouping): CocoEvaluation["imageMatches"] {
  const { detections, annotations } = inputs;
  return (imageId, categoryId) => {
    const image = groups.imageIndex(imageId);
    const column = groups.useCategories ? groups.categoryIndex(categoryId) : 0;
    if (image < 0 || column < 0) {
      const which = image < 0 ? `image id ${imageId}` : `category id ${categoryId}`;
      throw new LadError("NOT_FOUND", `imageMatches: ${which} is not among the ids that were evaluated`);
    }
    const slots = detections.byImage;
    const rows = annotations.rows;
    const [from, to] = runOf(image, (i) => detections.imageOf[slots[i]!]!, detections.starts, column);
    const [first, last] = runOf(image, (i) => annotations.imageOf[rows[i]!]!, annotations.starts, column);
    return describeGroup(inputs, from, Math.min(to, from + inputs.limit), rows.slice(first, last));
  };
}

/** Where the image's entries lie in a column that is sorted by image. */
function runOf(image: number, imageAt: (i: number) => number, starts: Int32Array, column: number): [number, number] {
  const firstNotBelow = (bound: number) => {
    let low = starts[column]!;
    let high = starts[column + 1]!;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (imageAt(middle) < bound) low = middle + 1;
      else high = middle;
    }
    return low;
  };
  return [firstNotBelow(image), firstNotBelow(image + 1)];
}

/** Matches detections `[from, to)` in the order of `byImage`. */
function describeGroup(inputs: MatchInputs, from: number, to: number, annotations: Int32Array): CocoImageMatches {
  const detections = inputs.detectionRows.slice(from, to);
  const areas = inputs.detectionAreas.subarray(from, to);
  const matches = groupMatcher(inputs)(detections, annotations);
  const size = detections.length * annotations.length;
  return {
    detections,
    annotations,
    ious: ndArray(matches.similarities.slice(0, size), [detections.length, annotations.length]),
    areaRanges: inputs.areaRanges.map((range, a) => describeArea(inputs, matches, areas, annotations, range, a)),
  };
}

function describeArea(
  { thresholds, areaRanges, annotationIds }: MatchInputs,
  { matched, hasCandidates, ignored }: GroupMatches,
  areas: Float64Array,
  annotations: Int32Array,
  areaRange: AreaRange,
  a: number,
): CocoAreaMatches {
  const [T, D, G] = [thresholds.length, areas.length, annotations.length];
  const matchedAnnotation = ndArray(new Int32Array(T * D).fill(-1), [T, D]);
  const matchedDetection = ndArray(new Int32Array(T * G).fill(-1), [T, G]);
  const ignoredDetection = ndArray(new Uint8Array(T * D), [T, D]);
  for (let t = 0; t < T; t++) {
    for (let d = 0; d < D; d++) {
      const g = hasCandidates[d] === 1 ? matched[(d * areaRanges.length + a) * T + t]! : -1;
      const area = areas[d]!;
      const outside = Number(area < areaRange.min || area > areaRange.max);
      const takenIgnored = g >= 0 ? ignored[a * G + g]! : 0;
      const counts = g >= 0 && annotationIds[annotations[g]!] !== 0; // id 0 reads as "unmatched" in pycocotools
      matchedAnnotation.data[t * D + d] = counts ? g : -1;
      ignoredDetection.data[t * D + d] = counts ? takenIgnored : takenIgnored | outside;
      if (g >= 0) matchedDetection.data[t * G + g] = d;
    }
  }
  const ignoredAnnotation = ignored.slice(a * G, (a + 1) * G);
  return { areaRange, matchedAnnotation, matchedDetection, ignoredDetection, ignoredAnnotation };
}
