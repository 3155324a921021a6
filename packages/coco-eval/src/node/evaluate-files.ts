import { LadError } from "@lad/core";
import type { CocoDetections, CocoEvaluation, CocoGroundTruth, EvaluateCocoOptions } from "../coco-types";
import { evaluateCoco } from "../evaluate-coco";
import { evaluateOnThreads } from "./evaluate-on-threads";
import { readDetectionsFile, readGroundTruthFile } from "./read-files";
import { type CocoFiles, readOnThreads } from "./read-on-threads";
import { startThread, type Thread } from "./thread";

/** Options of `evaluateCocoFiles`. */
export type EvaluateCocoFilesOptions = EvaluateCocoOptions & {
  /** Threads that work, this one included. Worth it from some ten MB of detections on. Default 1. */
  readonly threads?: number;
};

/** An evaluation with what was read for it. */
export type CocoFilesEvaluation = CocoEvaluation & {
  readonly groundTruth: CocoGroundTruth;
  readonly detections: CocoDetections & { readonly boxes: Float64Array };
};

/**
 * Reads an annotation file and a file of COCO results and evaluates them: `readGroundTruth`, `readDetections` and
 * `evaluateCoco` in one. With more threads the same numbers, bit for bit; each reads a part of the detections and,
 * of many, evaluates a part of the categories.
 * @param files paths.
 * @throws {LadError} as those three, with the file's name before what is wrong in it; NOT_FOUND, IO.
 */
export async function evaluateCocoFiles(
  files: CocoFiles,
  { threads = 1, ...options }: EvaluateCocoFilesOptions = {},
): Promise<CocoFilesEvaluation> {
  if (!(Number.isInteger(threads) && threads >= 1)) {
    throw new LadError(
      "INVALID_ARGUMENT",
      `evaluateCocoFiles: threads must be a whole number from 1 on, got ${threads}`,
    );
  }
  return evaluateFilesWith(files, options, threads, () => startThread(new URL("./worker.js", import.meta.url)));
}

/** How work is shared. */
type Sharing = {
  /** Fewer detections than this are matched by one thread: until the code is compiled on others too, it is done. */
  readonly leastDetections: number;
  /** Length of the pieces of a file that threads take one after the other. */
  readonly pieceBytes: number;
};
const usual: Sharing = { leastDetections: 150_000, pieceBytes: 2 ** 20 };

/** As `evaluateCocoFiles`, on threads that `start` makes. */
export async function evaluateFilesWith(
  files: CocoFiles,
  options: EvaluateCocoOptions,
  threads: number,
  start: () => Thread,
  sharing: Partial<Sharing> = {},
): Promise<CocoFilesEvaluation> {
  const { iouType = "bbox", useCategories = true } = options;
  const { leastDetections, pieceBytes } = { ...usual, ...sharing };
  const others = Array.from({ length: threads - 1 }, start);
  try {
    const read = others.length > 0 ? await readOnThreads(files, iouType, others, pieceBytes) : undefined;
    if (read && useCategories && read.detections.scores.length >= leastDetections) {
      const { groundTruth, detections } = read;
      const evaluation = await evaluateOnThreads(groundTruth, detections, options, others);
      if (evaluation) return { ...evaluation, groundTruth, detections };
    }
    const { groundTruth, detections } = read ?? readHere(files, iouType);
    return { ...evaluateCoco(groundTruth, detections, options), groundTruth, detections };
  } finally {
    for (const thread of others) thread.end(); // nothing waits for it: the numbers are there
  }
}

function readHere(files: CocoFiles, iouType: NonNullable<EvaluateCocoOptions["iouType"]>) {
  const groundTruth = readGroundTruthFile(files.groundTruth, { iouType });
  const detections = readDetectionsFile(files.detections, { iouType, images: groundTruth.images });
  return { groundTruth, detections };
}
