import { readFileSync } from "node:fs";
import type { CocoDetections, CocoGroundTruth, ReadDetectionsOptions, ReadOptions } from "../coco-types";
import { detectionPart } from "../detection-part";
import { scanDetections } from "../read-detections";
import { readGroundTruth } from "../read-ground-truth";
import { fileCursor, skipMark } from "./file-cursor";
import { withFile } from "./open-file";

/** `readGroundTruth` of a file. @throws {LadError} as it does, with the file's name; NOT_FOUND. */
export function readGroundTruthFile(file: string, options: ReadOptions = {}): CocoGroundTruth {
  return withFile(file, (descriptor) => readGroundTruth(readFileSync(descriptor), options));
}

/**
 * `readDetections` of a file of any length, of which about a megabyte is in memory at a time.
 * @throws {LadError} as it does, with the file's name; NOT_FOUND.
 */
export function readDetectionsFile(
  file: string,
  { iouType = "bbox", images }: ReadDetectionsOptions = {},
): CocoDetections & { readonly boxes: Float64Array } {
  return withFile(file, (descriptor) => {
    const { cursor } = fileCursor(descriptor);
    skipMark(cursor);
    return scanDetections(cursor, detectionPart(iouType, images));
  });
}
