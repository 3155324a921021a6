import { LadError, ndArray } from "@lad/core";
import type { VocFile, VocImage, VocOrigin } from "./voc-types";

export type VocImageOptions = {
  /** In the order of their labels; objects of other classes are left out. */
  readonly classes: readonly string[];
  readonly origin: VocOrigin;
};

/**
 * The objects of an annotation file, as `evaluateVoc` takes them; none is left out for its size.
 * @throws {LadError} INVALID_ARGUMENT
 */
export function vocImage({ objects }: VocFile, { classes, origin }: VocImageOptions): VocImage {
  if (origin !== 0 && origin !== 1) {
    throw new LadError("INVALID_ARGUMENT", `vocImage: origin must be 0 or 1, got ${origin}`);
  }
  const listed = objects.filter(({ name }) => classes.includes(name));
  return {
    boxes: ndArray(Float32Array.from(listed.flatMap(({ box }) => box.map((side) => side - origin))), [
      listed.length,
      4,
    ]),
    labels: Int32Array.from(listed, ({ name }) => classes.indexOf(name)),
    difficult: Uint8Array.from(listed, ({ difficult }) => Number(difficult)),
  };
}
