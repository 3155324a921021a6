import { type AnchorGrid, LadError, type NdArray, ndArray, type Size } from "@lad/core";

const { fround } = Math;

/**
 * The anchors of each level's first cell: height = stride · scale · octave · sqrt(ratio), width = stride · scale · octave / sqrt(ratio),
 * centred at offset · stride. Ratios outer, octaves inner.
 * @returns per level [A, 4] xyxy, px
 * @throws {LadError} INVALID_ARGUMENT if the grid has no level, no ratio or no octave.
 * Numerics follow mmdet 2.10 `AnchorGenerator.gen_base_anchors`.
 */
export function baseAnchors(grid: AnchorGrid): NdArray[] {
  checkGrid(grid, "baseAnchors");
  const octaves = Array.from({ length: grid.scalesPerOctave }, (_, octave) =>
    fround(2 ** (octave / grid.scalesPerOctave) * grid.scale),
  );
  return grid.strides.map((stride) => {
    const center = fround(grid.offset * stride);
    const boxes = grid.ratios.flatMap((ratio) => {
      const tall = fround(Math.sqrt(fround(ratio)));
      const wide = fround(1 / tall);
      return octaves.flatMap((octave) => {
        const halfWidth = fround(fround(stride * wide) * octave) / 2;
        const halfHeight = fround(fround(stride * tall) * octave) / 2;
        return [center - halfWidth, center - halfHeight, center + halfWidth, center + halfHeight];
      });
    });
    return ndArray(Float32Array.from(boxes), [boxes.length / 4, 4]);
  });
}

/**
 * The anchors of every cell: rows (y), then columns (x), then the cell's own anchors.
 * @param sizes cells of each level. @returns per level [H · W · A, 4] xyxy, px
 * @throws {LadError} INVALID_ARGUMENT if `sizes` and the grid differ in levels.
 * Numerics follow mmdet 2.10 `AnchorGenerator.grid_anchors`.
 */
export function gridAnchors(grid: AnchorGrid, sizes: readonly Size[]): NdArray[] {
  checkLevels(grid, sizes, "gridAnchors");
  return baseAnchors(grid).map((base, level) => {
    const { height, width } = sizes[level]!;
    const stride = grid.strides[level]!;
    const out = new Float32Array(height * width * base.data.length);
    let at = 0;
    for (let y = 0; y < height; y++) {
      for (let x = 0; x < width; x++) {
        for (let side = 0; side < base.data.length; side++) {
          out[at++] = base.data[side]! + (side % 2 === 0 ? x : y) * stride;
        }
      }
    }
    return ndArray(out, [out.length / 4, 4]);
  });
}

/** @throws {LadError} INVALID_ARGUMENT if `sizes` and the grid differ in levels. */
export function checkLevels(grid: AnchorGrid, sizes: readonly Size[], where: string): void {
  checkGrid(grid, where);
  if (sizes.length === grid.strides.length) return;
  throw new LadError(
    "INVALID_ARGUMENT",
    `${where}: the grid has ${grid.strides.length} levels, got feature sizes of ${sizes.length}`,
  );
}

function checkGrid({ strides, ratios, scalesPerOctave }: AnchorGrid, where: string): void {
  if (strides.length > 0 && ratios.length > 0 && Number.isInteger(scalesPerOctave) && scalesPerOctave > 0) return;
  throw new LadError(
    "INVALID_ARGUMENT",
    `${where}: the grid needs a stride, a ratio and an octave, got strides [${strides}], ratios [${ratios}], scalesPerOctave ${scalesPerOctave}`,
  );
}
