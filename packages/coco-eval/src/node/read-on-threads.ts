import { statSync } from "node:fs";
import type { CocoDetections, CocoGroundTruth, CocoIouType } from "../coco-types";
import { type DetectionSource, detectionPart } from "../detection-part";
import { peekBeyond } from "../json-cursor";
import { UNUSABLE_MASK } from "../mask-column";
import { scanRecordsUntil } from "../scan-records";
import { inSharedMemory } from "./array-tree";
import { attempt, resultsOf } from "./attempt";
import { fileCursor, skipMark } from "./file-cursor";
import { joinDetections } from "./join-detections";
import { withFile } from "./open-file";
import { readGroundTruthFile } from "./read-files";
import { splitList } from "./split-list";
import { handleTask, type ReadTask } from "./tasks";
import type { Thread } from "./thread";

export type CocoFiles = { readonly groundTruth: string; readonly detections: string };
type Read = {
  readonly groundTruth: CocoGroundTruth;
  readonly detections: CocoDetections & { readonly boxes: Float64Array };
};

/**
 * Reads both files, into shared memory, the detections in parts: this thread the ground truth and the first part, which is
 * the shorter for it. `undefined` where that cannot be done, or something is wrong in a file: then one thread is to read it,
 * which gives the same numbers, or says what is wrong.
 */
export async function readOnThreads(
  files: CocoFiles,
  iouType: CocoIouType,
  threads: readonly Thread[],
): Promise<Read | undefined> {
  const tasks = withFile(files.detections, (descriptor, length) =>
    readTasks(files, descriptor, length, iouType, threads.length + 1),
  );
  if (tasks === undefined) return undefined;
  const others = resultsOf(tasks.slice(1).map((task, i) => threads[i]!.run(task)));
  others.catch(() => {}); // waited for below, unless the ground truth cannot be read
  const groundTruth = inSharedMemory(readGroundTruthFile(files.groundTruth, { iouType }));
  const first = attempt(() => handleTask(tasks[0]!));
  const parts = [first, ...(await others)];
  const fits = parts.every((part, i) => part?.next === (tasks[i + 1]?.start ?? -1));
  const detections = fits ? joinDetections(parts.map((part) => part!.detections)) : undefined;
  const isUsable = detections && !detections.masks?.sizes.includes(UNUSABLE_MASK);
  return isUsable ? { groundTruth, detections } : undefined;
}

/** How long a byte of the ground truth takes, in bytes of detections: polygons are drawn, and all code is new. */
const annotationCost = 2;

/** Tasks for the parts of the file of detections; `undefined` if it is not to be cut. */
function readTasks(
  { groundTruth, detections: file }: CocoFiles,
  descriptor: number,
  length: number,
  iouType: CocoIouType,
  count: number,
): ReadTask[] | undefined {
  const first = firstDetection(descriptor, iouType);
  if (first === undefined) return undefined;
  const before = Math.min(length, annotationCost * (statSync(groundTruth, { throwIfNoEntry: false })?.size ?? 0));
  const share = (length + before) / count;
  const due = Array.from({ length: count - 1 }, (_, i) =>
    Math.max(first.start + 1, Math.floor((i + 1) * share - before)),
  );
  const starts = splitList(descriptor, due);
  const ends = starts && [...starts, Number.POSITIVE_INFINITY];
  return ends?.map((end, i) => ({
    kind: "read",
    ...{ file, iouType, source: first.source, end, start: i === 0 ? first.start : starts![i - 1]! },
  }));
}

/** Where the first detection begins, and where its box comes from, as that of all others. */
function firstDetection(
  descriptor: number,
  iouType: CocoIouType,
): { readonly start: number; readonly source: DetectionSource } | undefined {
  const cursor = fileCursor(descriptor, 0);
  skipMark(cursor);
  if (peekBeyond(cursor) !== 0x5b) return undefined;
  cursor.position++;
  peekBeyond(cursor);
  const start = cursor.offset + cursor.position;
  const part = detectionPart(iouType);
  attempt(() => scanRecordsUntil(cursor, part.sink, start + 1));
  const source = part.source();
  return source && { start, source };
}
