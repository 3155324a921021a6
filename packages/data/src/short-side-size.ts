import type { Size } from "@lad/core";
import { checkSize } from "./image";
import { checkBounds, rounded, type SideBounds } from "./keep-ratio-size";

/**
 * The size whose shorter side is `short`, shrunk once more if the longer one then exceeds `long`; sides floor(side + 0.5).
 * Numerics follow detectron2's ResizeShortestEdge, which rounds in another order than `keepRatioSize`.
 * @throws {LadError} INVALID_ARGUMENT: sides or bounds below 1.
 */
export function shortSideSize(size: Size, { long = 1333, short = 800 }: Partial<SideBounds> = {}): Size {
  checkSize("shortSideSize", size);
  checkBounds("shortSideSize", { long, short });
  const scale = short / Math.min(size.width, size.height);
  let height = size.height < size.width ? short : scale * size.height;
  let width = size.height < size.width ? scale * size.width : short;
  const longer = Math.max(height, width);
  if (longer > long) {
    const shrink = long / longer;
    height *= shrink;
    width *= shrink;
  }
  return { height: rounded(height), width: rounded(width) };
}
