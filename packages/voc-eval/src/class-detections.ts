import { areaAt, iouAt } from "@lad/boxes";
import type { Detections } from "@lad/core";
import type { VocImage } from "./voc-types";

/** One class's detections of all images in descending score, with the object each overlaps most. D detections, G objects. */
export type ClassDetections = {
  readonly scores: Float32Array;
  /** IoU with it, float32; -1 if the class has no object on the image. [D] */
  readonly bestIou: Float32Array;
  /** Number of the object, -1 if there is none. [D] */
  readonly bestGt: Int32Array;
  /** Whether the detection's area lies in the range. [D] */
  readonly inRange: Uint8Array;
  /** Whether finding the object counts: not difficult, and in the range. [G] */
  readonly counted: Uint8Array;
};

const eps = Math.fround(1e-6);

/**
 * Gathers a class. Of equal overlaps the first object wins, those that are not difficult before the others. Equal scores: earlier
 * images, earlier rows first.
 * @param areas px², [low, high) that objects and detections are to have; default all.
 */
export function classDetections(
  images: readonly VocImage[],
  detections: readonly Detections[],
  label: number,
  areas?: readonly [low: number, high: number],
): ClassDetections {
  const within = (boxes: Float32Array, at: number) => {
    const area = areaAt(boxes, at);
    return areas === undefined || (area >= areas[0] && area < areas[1]);
  };
  const found: { score: number; iou: number; gt: number; inRange: boolean }[] = [];
  const counted: number[] = [];
  for (const [index, image] of images.entries()) {
    const rows = rowsOf(image.labels, label);
    const easy = rows.filter((row) => !image.difficult?.[row]);
    const gts = [...easy, ...rows.filter((row) => image.difficult?.[row])];
    const first = counted.length;
    for (const [rank, row] of gts.entries()) {
      counted.push(rank < easy.length && within(image.boxes.data, row * 4) ? 1 : 0);
    }
    const { boxes, scores, labels } = detections[index]!;
    for (const row of rowsOf(labels, label)) {
      const best = { iou: -1, gt: -1 };
      for (const [rank, gt] of gts.entries()) {
        const iou = iouAt(boxes.data, row * 4, image.boxes.data, gt * 4, eps);
        if (iou > best.iou) Object.assign(best, { iou, gt: first + rank });
      }
      found.push({ score: scores[row]!, ...best, inRange: within(boxes.data, row * 4) });
    }
  }
  found.sort((a, b) => b.score - a.score);
  return {
    scores: Float32Array.from(found, ({ score }) => score),
    bestIou: Float32Array.from(found, ({ iou }) => iou),
    bestGt: Int32Array.from(found, ({ gt }) => gt),
    inRange: Uint8Array.from(found, ({ inRange }) => Number(inRange)),
    counted: Uint8Array.from(counted),
  };
}

function rowsOf(labels: Int32Array, label: number): number[] {
  const rows: number[] = [];
  for (let row = 0; row < labels.length; row++) if (labels[row] === label) rows.push(row);
  return rows;
}
