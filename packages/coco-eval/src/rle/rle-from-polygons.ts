import { mergeRles } from "./merge-rles";
import { rasterizePolygon } from "./rasterize-polygon";
import type { MaskSize, Rle } from "./rle-types";

/**
 * The mask of an object that COCO gives by polygons: their union, pixel for pixel as COCO draws it.
 * @param polygons each x, y, x, y …, px; parts outside the image are cut off. @param size of the image.
 * @throws {LadError} INVALID_DATA for a polygon without points or with coordinates that are not finite.
 */
export function rleFromPolygons(polygons: readonly ArrayLike<number>[], size: MaskSize): Rle {
  return mergeRles(polygons.map((points) => ({ size, counts: rasterizePolygon(points, size) })));
}
