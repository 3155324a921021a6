import { LadError, type NdArray } from "@lad/core";

export type RoiLevelsOptions = {
  /** Side of the box, px, that belongs to `canonicalLevel`. */
  readonly canonicalSize?: number;
  /** As P4: the level whose cells are 2⁴ px. */
  readonly canonicalLevel?: number;
};

const { fround } = Math;

/**
 * The level of a pyramid each box is pooled from: `floor(canonicalLevel + log2(sqrt(area) / canonicalSize + 1e-8))`, clamped to the levels there are.
 * In float32 as detectron2's `assign_boxes_to_levels`; boxes turned inside out get the finest.
 * @param boxes `[N, 4]` xyxy px.
 * @param scales cells per px of each level, powers of ½, finest first, each half of the one before.
 * @returns `[N]` index into `scales`.
 * @throws {LadError} SHAPE_MISMATCH unless boxes are `[N, 4]`, INVALID_ARGUMENT for other scales.
 * @see arXiv:1612.03144 eq. 1
 */
export function roiLevels(
  { data, shape }: NdArray,
  scales: readonly number[],
  { canonicalSize = 224, canonicalLevel = 4 }: RoiLevelsOptions = {},
): Int32Array {
  if (shape.length !== 2 || shape[1] !== 4)
    throw new LadError("SHAPE_MISMATCH", `roiLevels: boxes must be [N, 4], got [${shape}]`);
  const finest = -Math.log2(scales[0]!);
  if (scales.length === 0 || scales.some((scale, level) => -Math.log2(scale) !== finest + level) || finest % 1 !== 0)
    throw new LadError(
      "INVALID_ARGUMENT",
      `roiLevels: scales must be powers of 1/2, each half of the one before, got [${scales}]`,
    );
  return Int32Array.from({ length: shape[0]! }, (_, box) => {
    const [x1, y1, x2, y2] = data.subarray(4 * box, 4 * box + 4) as Float32Array as unknown as [
      number,
      number,
      number,
      number,
    ];
    const side = fround(Math.sqrt(fround(fround(x2 - x1) * fround(y2 - y1))));
    const relative = fround(fround(side / canonicalSize) + fround(1e-8));
    const level = Math.floor(fround(canonicalLevel + fround(Math.log2(relative))));
    return Math.min(Math.max(level - finest || 0, 0), scales.length - 1);
  });
}
