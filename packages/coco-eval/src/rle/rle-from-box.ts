import { rasterizePolygon } from "./rasterize-polygon";
import type { MaskSize, Rle } from "./rle-types";

/** The mask of a box, xywh px, as COCO draws it: as the polygon of its corners. @param size of the image. */
export function rleFromBox(box: ArrayLike<number>, size: MaskSize): Rle {
  const [x1, y1, width, height] = box as ArrayLike<number> & readonly [number, number, number, number];
  const [x2, y2] = [x1 + width, y1 + height];
  return { size, counts: rasterizePolygon([x1, y1, x1, y2, x2, y2, x2, y1], size) };
}
