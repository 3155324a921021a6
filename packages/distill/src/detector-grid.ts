import { concatBoxes, featureSizes, gridAnchors, validAnchors } from "@lad/boxes";
import { LadError, type NdArray, type Size } from "@lad/core";
import type { AnyDetector, Batch } from "@lad/tensor";

/** Where a detector's anchors are in a batch. */
export type DetectorGrid = {
  /** `[A, 4]` xyxy px, levels fine to coarse, rows y then x. */
  readonly anchors: NdArray;
  readonly levelSizes: readonly number[];
  /** Cells of each level. */
  readonly sizes: readonly Size[];
  readonly anchorsPerCell: number;
  /** Per image, a byte per anchor: does its cell lie in the image's own padding? */
  readonly valid: readonly Uint8Array[];
};

/** @throws {LadError} INVALID_ARGUMENT for a detector that has no anchors. */
export function detectorGrid(
  { name, anchors: grid }: Pick<AnyDetector, "name" | "anchors">,
  batch: Batch,
): DetectorGrid {
  if (!grid) throw new LadError("INVALID_ARGUMENT", `detectorGrid: detector ${name} has no anchors to find regions on`);
  const [, height, width] = batch.images.shape;
  const sizes = featureSizes({ height, width }, grid.strides);
  const levels = gridAnchors(grid, sizes);
  return {
    anchors: concatBoxes(levels),
    levelSizes: levels.map(({ shape }) => shape[0]!),
    sizes,
    anchorsPerCell: grid.ratios.length * grid.scalesPerOctave,
    valid: batch.sizes.map(({ padded }) => validAnchors(grid, sizes, padded)),
  };
}
