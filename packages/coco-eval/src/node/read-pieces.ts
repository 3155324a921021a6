import type { CocoIouType } from "../coco-types";
import { type DetectionSource, detectionPart } from "../detection-part";
import { expectByte, type JsonCursor, jsonError, peekBeyond } from "../json-cursor";
import { scanRecordsUntil } from "../scan-records";
import { fileCursor } from "./file-cursor";
import { withFile } from "./open-file";
import type { ReadRows } from "./place-rows";

/** Read detections of a file, piece after piece of those that nobody has taken yet. */
export type ReadTask = {
  readonly kind: "read";
  readonly file: string;
  readonly iouType: CocoIouType;
  readonly source: DetectionSource;
  /** Where the first detection begins, and with it the first piece. */
  readonly first: number;
  readonly pieceBytes: number;
  readonly pieces: number;
  /** How many pieces have been taken, in memory that all who read share. */
  readonly taken: Int32Array;
};

/**
 * Rows `[from, to)` of what was read: where the first of them begins in the file, and where the next detection does (-1 at the
 * end); bytes of their masks and numbers of their keypoints.
 */
export type Piece = Rows & { readonly counts: number; readonly keypoints: number };
type Rows = { readonly from: number; readonly to: number; readonly start: number; readonly next: number };

export type ReadResult = { readonly rows: ReadRows; readonly pieces: readonly Piece[] };

/** Bytes in memory at a time: less than a piece, as what is read beyond one is read again. */
const windowLength = 2 ** 18;

/**
 * Reads pieces until all are taken. A piece has the detections from behind the first that ends in it (the first piece: from the
 * first one on) up to the first that ends behind it.
 * @param take the number of the next piece.
 */
export function readPieces(
  { file, iouType, source, first, pieceBytes, pieces, taken }: ReadTask,
  take = () => Atomics.add(taken, 0, 1),
): ReadResult {
  const part = detectionPart(iouType, undefined, source);
  const read: Rows[] = [];
  withFile(file, (descriptor) => {
    const { cursor, moveTo } = fileCursor(descriptor, windowLength);
    for (let piece = take(); piece < pieces; piece = take()) {
      const begin = first + piece * pieceBytes;
      const end = piece + 1 < pieces ? begin + pieceBytes : Number.POSITIVE_INFINITY;
      moveTo(begin);
      if (piece > 0 && !moveToObject(cursor, end)) continue;
      peekBeyond(cursor);
      const [from, start] = [part.count(), cursor.offset + cursor.position];
      const next = scanRecordsUntil(cursor, part.sink, end);
      if (next < 0) expectEnd(cursor);
      read.push({ from, to: part.count(), start, next });
    }
  });
  const rows = part.finish(false) as ReadRows;
  const { masks, keypoints, scores } = rows;
  return {
    rows,
    pieces: read.map((piece) => ({
      ...piece,
      counts: masks ? masks.starts[piece.to]! - masks.starts[piece.from]! : 0,
      keypoints: keypoints ? (keypoints.length / scores.length) * (piece.to - piece.from) : 0,
    })),
  };
}

/**
 * Moves to the next "{" behind a comma behind a "}" that lies before byte `end`. That a detection begins there is a guess,
 * since it could stand in a string: where the piece before ends tells. False if there is none, or none nearby.
 */
function moveToObject(cursor: JsonCursor, end: number): boolean {
  cursor.refill?.(0);
  const { bytes, offset } = cursor;
  let seen = 0; // 1 behind "}", 2 behind "},"
  for (let i = 0; i + 1 < bytes.length; i++) {
    const byte = bytes[i]!;
    if (byte === 0x7b && seen === 2) {
      cursor.position = i;
      return true;
    }
    const isSpace = byte === 0x20 || byte === 0x0a || byte === 0x0d || byte === 0x09;
    if (byte === 0x7d) {
      if (offset + i >= end) return false;
      seen = 1;
    } else if (byte === 0x2c && seen === 1) seen = 2;
    else if (!isSpace) seen = 0;
  }
  return false;
}

function expectEnd(cursor: JsonCursor): void {
  expectByte(cursor, 0x5d);
  if (peekBeyond(cursor) !== -1) throw jsonError(cursor, "wanted the end after the list");
}
