import { countBoxes } from "@lad/boxes";
import { type Batch, LadError, type NdArray } from "@lad/core";

/** The ground truths of a batch, one entry an image. */
export type GroundTruths = Pick<Batch<unknown>, "boxes" | "labels" | "ignoreBoxes">;

/** Number of anchors of an image. @throws {LadError} SHAPE_MISMATCH unless anchors are `[A, 4]` and the level sizes sum to A. */
export function checkAnchors(anchors: NdArray, levelSizes: readonly number[], where: string): number {
  const count = countBoxes(anchors, where, "anchors");
  const total = levelSizes.reduce((sum, size) => sum + size, 0);
  if (total === count) return count;
  throw new LadError("SHAPE_MISMATCH", `${where}: levelSizes [${levelSizes}] sum to ${total}, got ${count} anchors`);
}

/** @throws {LadError} SHAPE_MISMATCH if the lists differ in images or boxes and labels in number; INVALID_ARGUMENT for a label outside [0, classes). */
export function checkBatch(
  { boxes, labels }: GroundTruths,
  classes: number,
  where: string,
  valid?: readonly Uint8Array[],
): void {
  if (!(Number.isInteger(classes) && classes > 0)) {
    throw new LadError("INVALID_ARGUMENT", `${where}: classes must be a positive integer, got ${classes}`);
  }
  if (labels.length !== boxes.length || (valid && valid.length !== boxes.length)) {
    const flags = valid ? ` and valid flags of ${valid.length}` : "";
    throw new LadError(
      "SHAPE_MISMATCH",
      `${where}: boxes of ${boxes.length} images, got labels of ${labels.length}${flags}`,
    );
  }
  boxes.forEach((image, index) => {
    checkLabels(image, labels[index]!, classes, where);
  });
}

function checkLabels(boxes: NdArray, labels: Int32Array, classes: number, where: string): void {
  const count = countBoxes(boxes, where);
  if (labels.length !== count) {
    throw new LadError("SHAPE_MISMATCH", `${where}: ${count} boxes need as many labels, got ${labels.length}`);
  }
  const wrong = labels.find((label) => label < 0 || label >= classes);
  if (wrong !== undefined) {
    throw new LadError("INVALID_ARGUMENT", `${where}: labels must be in [0, ${classes}), got ${wrong}`);
  }
}
