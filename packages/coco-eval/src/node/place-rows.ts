import type { CocoDetections } from "../coco-types";

/** Detections as they are read. */
export type ReadRows = CocoDetections & {
  readonly imageIds: Float64Array;
  readonly categoryIds: Float64Array;
  readonly boxes: Float64Array;
};

/** Rows `[from, to)` of what a thread has read: the row of the whole list that the first of them becomes, and where its masks begin. */
export type Place = { readonly from: number; readonly to: number; readonly at: number; readonly countsAt: number };

/** Copy what this thread has read to its places among what all have. */
export type PlaceTask = { readonly kind: "place"; readonly room: ReadRows; readonly places: readonly Place[] };

/** Copies rows to their places. */
export function placeRows(read: ReadRows, { room, places }: PlaceTask): void {
  const [own, all] = [arraysOf(read), arraysOf(room)];
  for (const { from, to, at, countsAt } of places) {
    for (const [i, array] of all.entries()) {
      const width = (array?.length ?? 0) / room.scores.length;
      array?.set(own[i]!.subarray(width * from, width * to), width * at);
    }
    if (!read.masks || !room.masks) continue;
    const { counts, starts } = read.masks;
    room.masks.counts.set(counts.subarray(starts[from]!, starts[to]!), countsAt);
    for (let row = from; row < to; row++) room.masks.starts[at + row - from] = starts[row]! - starts[from]! + countsAt;
  }
}

/** Arrays that have as many numbers for every row. */
function arraysOf({ imageIds, categoryIds, scores, boxes, areas, keypoints, masks }: ReadRows) {
  return [imageIds, categoryIds, scores, boxes, areas, keypoints, masks?.sizes];
}
