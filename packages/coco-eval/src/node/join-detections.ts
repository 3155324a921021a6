import type { CocoDetections, CocoMasks } from "../coco-types";
import { sharedCopy } from "./array-tree";
import type { ReadResult } from "./read-pieces";

type Read = CocoDetections & { readonly boxes: Float64Array };

/** What threads read as one list; `undefined` if one of them failed, or a piece does not begin where the one before ends. */
export function joinPieces(results: readonly (ReadResult | undefined)[]): Read | undefined {
  const read = results.filter((result) => result !== undefined);
  const pieces = read
    .flatMap(({ detections, pieces }) => pieces.map((piece) => ({ ...piece, detections })))
    .sort((a, b) => a.start - b.start);
  const fits = pieces.every(({ next }, i) => next === (pieces[i + 1]?.start ?? -1));
  if (read.length < results.length || !fits) return undefined;
  return joinDetections(pieces.map(({ detections, from, to }) => rowsBetween(detections, from, to)));
}

/** Rows of detections, from one on up to another: views on their arrays. */
function rowsBetween(detections: Read, from: number, to: number): Read {
  const { imageIds, categoryIds, scores, boxes, areas, masks, keypoints } = detections;
  const length = keypoints && keypoints.length / scores.length;
  return {
    imageIds: imageIds.subarray(from, to),
    categoryIds: categoryIds.subarray(from, to),
    scores: scores.subarray(from, to),
    boxes: boxes.subarray(4 * from, 4 * to),
    ...(areas && { areas: areas.subarray(from, to) }),
    ...(masks && { masks: masksBetween(masks, from, to) }),
    ...(keypoints && { keypoints: keypoints.subarray(length! * from, length! * to) }),
  };
}

function masksBetween({ sizes, counts, starts }: CocoMasks, from: number, to: number): CocoMasks {
  return {
    sizes: sizes.subarray(2 * from, 2 * to),
    counts: counts.subarray(starts[from]!, starts[to]!),
    starts: starts.subarray(from, to + 1),
  };
}

/** Parts of one list of detections, in its order, as one list in shared memory. `undefined` if parts do not fit together. */
function joinDetections(parts: readonly Read[]): Read | undefined {
  const [first] = parts as readonly [Read, ...Read[]];
  const masks = first.masks && joinMasks(parts.map((part) => part.masks!));
  const keypoints = first.keypoints && sharedCopy(parts.map((part) => part.keypoints!));
  const rows = parts.reduce((sum, { scores }) => sum + scores.length, 0);
  const keypointsFit = parts.every(({ keypoints: own, scores }) => {
    return own === undefined || own.length * rows === keypoints!.length * scores.length;
  });
  if (!keypointsFit) return undefined;
  return {
    imageIds: sharedCopy(parts.map(({ imageIds }) => imageIds as Float64Array)),
    categoryIds: sharedCopy(parts.map(({ categoryIds }) => categoryIds as Float64Array)),
    scores: sharedCopy(parts.map(({ scores }) => scores)),
    boxes: sharedCopy(parts.map(({ boxes }) => boxes)),
    ...(first.areas && { areas: sharedCopy(parts.map(({ areas }) => areas!)) }),
    ...(masks && { masks }),
    ...(keypoints && { keypoints }),
  };
}

function joinMasks(parts: readonly CocoMasks[]): CocoMasks {
  let before = 0;
  const starts = parts.map(({ starts, counts }, i) => {
    const moved = starts.map((start) => start - starts[0]! + before);
    before += counts.length;
    return i + 1 < parts.length ? moved.subarray(0, -1) : moved;
  });
  return {
    sizes: sharedCopy(parts.map(({ sizes }) => sizes)),
    counts: sharedCopy(parts.map(({ counts }) => counts)),
    starts: sharedCopy(starts),
  };
}
