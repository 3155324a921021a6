import { type AnchorGrid, LadError, type NdArray, type Size } from "@lad/core";
import { countBoxes } from "./count-boxes";
import { checkLevels } from "./grid-anchors";

/**
 * Which anchors have their cell on an image: x < ceil(width / stride), y < ceil(height / stride).
 * @param sizes cells of each level of the batch. @param padded the image's OWN padded size (not the batch's), px.
 * @returns a byte an anchor, levels concatenated
 * @throws {LadError} INVALID_ARGUMENT if `sizes` and the grid differ in levels.
 * Numerics follow mmdet 2.10 `AnchorGenerator.valid_flags`.
 */
export function validAnchors(grid: AnchorGrid, sizes: readonly Size[], padded: Size): Uint8Array {
  checkLevels(grid, sizes, "validAnchors");
  const perCell = grid.ratios.length * grid.scalesPerOctave;
  const out = new Uint8Array(sizes.reduce((sum, { height, width }) => sum + height * width * perCell, 0));
  let start = 0;
  sizes.forEach(({ height, width }, level) => {
    const stride = grid.strides[level]!;
    const rows = Math.min(Math.ceil(padded.height / stride), height);
    const columns = Math.min(Math.ceil(padded.width / stride), width);
    for (let y = 0; y < rows; y++) {
      const row = start + y * width * perCell;
      out.fill(1, row, row + columns * perCell);
    }
    start += height * width * perCell;
  });
  return out;
}

/**
 * Valid anchors that lie inside the image: x1, y1 >= -allowedBorder, x2 < width + allowedBorder, y2 < height + allowedBorder.
 * A negative `allowedBorder` tests nothing.
 * @param anchors [A, 4] xyxy, px. @param valid [A]. @param image unpadded size, px. @returns a new [A]
 * @throws {LadError} SHAPE_MISMATCH if `anchors` and `valid` differ in length.
 * Numerics follow mmdet 2.10 `anchor_inside_flags`.
 */
export function insideAnchors(anchors: NdArray, valid: Uint8Array, image: Size, allowedBorder: number): Uint8Array {
  const count = countBoxes(anchors, "insideAnchors", "anchors");
  if (valid.length !== count) {
    throw new LadError("SHAPE_MISMATCH", `insideAnchors: ${count} anchors, got valid flags for ${valid.length}`);
  }
  if (allowedBorder < 0) return valid.slice();
  const { data } = anchors;
  return valid.map((flag, anchor) => {
    const at = anchor * 4;
    const inside =
      data[at]! >= -allowedBorder &&
      data[at + 1]! >= -allowedBorder &&
      data[at + 2]! < image.width + allowedBorder &&
      data[at + 3]! < image.height + allowedBorder;
    return flag && inside ? 1 : 0;
  });
}
