import { LadError } from "@lad/core";
import type { CocoDetections } from "./coco-types";
import { maskGeometry } from "./mask-geometry";

/** `[N * 4]` xywh px, and px^2, `[N]`; without areas they are w · h. */
type Geometry = { readonly boxes: Float64Array; readonly areas?: Float64Array };

/**
 * Boxes and areas of detections as pycocotools takes them: those given, else of the masks, else of the keypoints.
 * @throws {LadError} INVALID_ARGUMENT if there are none of the three, INVALID_DATA for a mask that cannot be read.
 */
export function detectionGeometry({ boxes, areas, masks, keypoints, scores }: CocoDetections, who: string): Geometry {
  if (boxes) return areas ? { boxes, areas } : { boxes };
  const found = masks
    ? maskGeometry(masks, (row) => `${who}: detection ${row}`)
    : keypoints && keypointGeometry(keypoints, scores.length);
  if (!found) throw new LadError("INVALID_ARGUMENT", `${who}: detections must have boxes, masks or keypoints`);
  return { ...found, ...(areas && { areas }) };
}

/** The smallest boxes around all keypoints, labelled or not. */
export function keypointGeometry(keypoints: Float64Array, rows: number): Required<Geometry> {
  const [boxes, areas] = [new Float64Array(4 * rows), new Float64Array(rows)];
  const length = rows === 0 ? 0 : keypoints.length / rows;
  for (let row = 0; row < rows; row++) {
    let [left, top, right, bottom] = [Number.POSITIVE_INFINITY, Number.POSITIVE_INFINITY, -Infinity, -Infinity];
    for (let i = row * length; i < (row + 1) * length; i += 3) {
      left = Math.min(left, keypoints[i]!);
      right = Math.max(right, keypoints[i]!);
      top = Math.min(top, keypoints[i + 1]!);
      bottom = Math.max(bottom, keypoints[i + 1]!);
    }
    boxes.set([left, top, right - left, bottom - top], 4 * row);
    areas[row] = (right - left) * (bottom - top);
  }
  return { boxes, areas };
}
