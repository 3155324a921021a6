import { concatBoxes, gridAnchors, validAnchors } from "@lad/boxes";
import type { AnchorGrid, ImageSizes, NdArray, Size } from "@lad/core";

/** The anchors of one batch: what a dense detector's outputs are relative to. */
export type GridAnchors = {
  /** `[A, 4]` xyxy px, levels fine to coarse, rows y then x. */
  readonly anchors: NdArray;
  readonly levelSizes: readonly number[];
  /** `[A]` px per cell of the anchor's level. */
  readonly strides: Float32Array;
};

/** Anchors by feature sizes, computed once for as long as the sizes stay the same. */
export function denseGrid(grid: AnchorGrid): {
  at(featureSizes: readonly Size[]): GridAnchors;
  /** Per image, a byte per anchor: does its cell lie in the image's own padding? */
  valid(featureSizes: readonly Size[], sizes: readonly ImageSizes[]): Uint8Array[];
} {
  let cached: { readonly key: string; readonly value: GridAnchors } | undefined;
  return {
    at(featureSizes) {
      const key = featureSizes.map(({ height, width }) => `${height}x${width}`).join();
      if (cached?.key !== key) cached = { key, value: concatenated(gridAnchors(grid, featureSizes), grid.strides) };
      return cached.value;
    },
    valid: (featureSizes, sizes) => sizes.map(({ padded }) => validAnchors(grid, featureSizes, padded)),
  };
}

function concatenated(levels: readonly NdArray[], levelStrides: readonly number[]): GridAnchors {
  const levelSizes = levels.map(({ shape }) => shape[0]!);
  const anchors = concatBoxes(levels);
  const strides = new Float32Array(anchors.shape[0]!);
  let start = 0;
  levelSizes.forEach((size, level) => {
    strides.fill(levelStrides[level]!, start, start + size);
    start += size;
  });
  return { anchors, levelSizes, strides };
}
