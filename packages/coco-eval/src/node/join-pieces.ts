import type { CocoIouType } from "../coco-types";
import type { DetectionSource } from "../detection-part";
import type { Place, ReadRows } from "./place-rows";
import type { Piece } from "./read-pieces";

/** Room for the rows of all pieces, and where those of each thread go. */
export type Joined = { readonly room: ReadRows; readonly places: readonly (readonly Place[])[] };

/**
 * Makes room, in shared memory, for what threads have read as one list. `undefined` if one of them failed, or pieces do not fit
 * together: one does not begin where the one before ends, or its detections have other keypoints.
 */
export function joinPieces(
  read: readonly (readonly Piece[] | undefined)[],
  iouType: CocoIouType,
  source: DetectionSource,
): Joined | undefined {
  const pieces = read
    .flatMap((own, thread) => (own ?? []).map((piece) => ({ ...piece, thread })))
    .sort((a, b) => a.start - b.start);
  const places = read.map((): Place[] => []);
  let [rows, counts, keypoints] = [0, 0, 0];
  for (const piece of pieces) {
    places[piece.thread]!.push({ from: piece.from, to: piece.to, at: rows, countsAt: counts });
    rows += piece.to - piece.from;
    counts += piece.counts;
    keypoints += piece.keypoints;
  }
  const fits = pieces.every((piece, i) => {
    const isNext = piece.next === (pieces[i + 1]?.start ?? -1);
    return isNext && piece.keypoints * rows === keypoints * (piece.to - piece.from);
  });
  if (read.includes(undefined) || !fits) return undefined;
  const room: ReadRows = {
    imageIds: doubles(rows),
    categoryIds: doubles(rows),
    scores: doubles(rows),
    boxes: doubles(4 * rows),
    ...(source !== "bbox" && { areas: doubles(rows) }),
    ...(iouType === "segm" && { masks: roomForMasks(rows, counts) }),
    ...(iouType === "keypoints" && { keypoints: doubles(keypoints) }),
  };
  return { room, places };
}

function roomForMasks(rows: number, bytes: number) {
  const starts = doubles(rows + 1);
  starts[rows] = bytes;
  return { sizes: doubles(2 * rows), counts: new Uint8Array(new SharedArrayBuffer(bytes)), starts };
}

function doubles(length: number): Float64Array {
  return new Float64Array(new SharedArrayBuffer(length * Float64Array.BYTES_PER_ELEMENT));
}
