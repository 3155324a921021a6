import type { CocoDetections, CocoMasks } from "../coco-types";
import { sharedCopy } from "./array-tree";

type Read = CocoDetections & { readonly boxes: Float64Array };

/** Parts of one list of detections, in its order, as one list in shared memory. `undefined` if parts do not fit together. */
export function joinDetections(parts: readonly Read[]): Read | undefined {
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
    const moved = starts.map((start) => start + before);
    before += counts.length;
    return i + 1 < parts.length ? moved.subarray(0, -1) : moved;
  });
  return {
    sizes: sharedCopy(parts.map(({ sizes }) => sizes)),
    counts: sharedCopy(parts.map(({ counts }) => counts)),
    starts: sharedCopy(starts),
  };
}
