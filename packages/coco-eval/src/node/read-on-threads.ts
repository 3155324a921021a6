import type { CocoGroundTruth, CocoIouType } from "../coco-types";
import { type DetectionSource, detectionPart } from "../detection-part";
import { peekBeyond } from "../json-cursor";
import { UNUSABLE_MASK } from "../mask-column";
import { scanRecordsUntil } from "../scan-records";
import { inSharedMemory } from "./array-tree";
import { attempt, resultsOf } from "./attempt";
import { fileCursor, skipMark } from "./file-cursor";
import { joinPieces } from "./join-pieces";
import { withFile } from "./open-file";
import type { PlaceTask, ReadRows } from "./place-rows";
import { readGroundTruthFile } from "./read-files";
import type { ReadTask } from "./read-pieces";
import { taskHandler } from "./tasks";
import type { Thread } from "./thread";

export type CocoFiles = { readonly groundTruth: string; readonly detections: string };
type Read = { readonly groundTruth: CocoGroundTruth; readonly detections: ReadRows };

/**
 * Reads both files, into shared memory: this thread the ground truth and, like the others from the start, pieces of the
 * detections. `undefined` where that cannot be done, or something is wrong in a file: then one thread is to read it, which
 * gives the same numbers, or says what is wrong.
 */
export async function readOnThreads(
  files: CocoFiles,
  iouType: CocoIouType,
  threads: readonly Thread[],
  pieceBytes: number,
): Promise<Read | undefined> {
  const task = withFile(files.detections, (descriptor, length) =>
    readTask(files.detections, descriptor, length, iouType, pieceBytes),
  );
  if (task === undefined) return undefined;
  const others = resultsOf(threads.map((thread) => thread.run(task)));
  others.catch(() => {}); // waited for below, unless the ground truth cannot be read
  const groundTruth = inSharedMemory(readGroundTruthFile(files.groundTruth, { iouType }));
  const handle = taskHandler();
  const own = attempt(() => handle(task));
  const joined = joinPieces([own, ...(await others)], iouType, task.source);
  if (joined === undefined) return undefined;
  const { room, places } = joined;
  const [first, ...rest] = places.map((ofOne): PlaceTask => ({ kind: "place", room, places: ofOne }));
  const placed = resultsOf(rest.map((place, i) => threads[i]!.run(place)));
  handle(first!);
  if ((await placed).includes(undefined)) return undefined;
  return room.masks?.sizes.includes(UNUSABLE_MASK) ? undefined : { groundTruth, detections: room };
}

/** The task that all threads are given; `undefined` if the file is not to be read in pieces. */
function readTask(
  file: string,
  descriptor: number,
  length: number,
  iouType: CocoIouType,
  pieceBytes: number,
): ReadTask | undefined {
  const found = firstDetection(descriptor, iouType);
  if (found === undefined) return undefined;
  const { start: first, source } = found;
  const pieces = Math.ceil((length - first) / pieceBytes);
  const taken = new Int32Array(new SharedArrayBuffer(Int32Array.BYTES_PER_ELEMENT));
  return { kind: "read", file, iouType, source, first, pieceBytes, pieces, taken };
}

/** Where the first detection begins, and where its box comes from, as that of all others. */
function firstDetection(
  descriptor: number,
  iouType: CocoIouType,
): { readonly start: number; readonly source: DetectionSource } | undefined {
  const { cursor } = fileCursor(descriptor);
  skipMark(cursor);
  if (peekBeyond(cursor) !== 0x5b) return undefined;
  cursor.position++;
  peekBeyond(cursor);
  const start = cursor.offset + cursor.position;
  const part = detectionPart(iouType);
  attempt(() => scanRecordsUntil(cursor, part.sink, start));
  const source = part.source();
  return source && { start, source };
}
