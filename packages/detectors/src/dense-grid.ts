import { gridAnchors, validAnchors } from "@lad/boxes";
import { type AnchorGrid, type ImageSizes, type NdArray, ndArray, type Size } from "@lad/core";

/** The anchors of one batch: what a dense detector's outputs are relative to. */
export type GridAnchors = {
  /** `[A, 4]` xyxy px, levels fine to coarse, rows y then x. */
  readonly anchors: NdArray;
  readonly levelSizes: readonly number[];
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
      if (cached?.key !== key) cached = { key, value: concatenated(gridAnchors(grid, featureSizes)) };
      return cached.value;
    },
    valid: (featureSizes, sizes) => sizes.map(({ padded }) => validAnchors(grid, featureSizes, padded)),
  };
}

function concatenated(levels: readonly NdArray[]): GridAnchors {
  const levelSizes = levels.map(({ shape }) => shape[0]!);
  const total = levelSizes.reduce((sum, size) => sum + size, 0);
  const anchors = new Float32Array(total * 4);
  let offset = 0;
  for (const { data } of levels) {
    anchors.set(data, offset);
    offset += data.length;
  }
  return { anchors: ndArray(anchors, [total, 4]), levelSizes };
}
