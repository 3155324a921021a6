// Masks for drawn COCO problems.
import { rleFromPolygons, rleToString } from "@lad/coco-eval/rle";

/** An outline in a box, xywh px: 20 to 43 corners around its middle, at distances that vary. x, y, x, y …, two decimals. */
export function polygonAround([x, y, w, h], uniform) {
  const corners = 20 + Math.floor(24 * uniform());
  return Array.from({ length: corners }, (_, corner) => {
    const angle = (2 * Math.PI * corner) / corners;
    const reach = 0.35 + 0.15 * uniform();
    return [x + w * (0.5 + reach * Math.cos(angle)), y + h * (0.5 + reach * Math.sin(angle))];
  })
    .flat()
    .map((value) => Math.round(value * 100) / 100);
}

/** A polygon as detectors write masks: `{ size, counts }` with compressed counts. */
export function encodePolygon(polygon, { width, height }) {
  const size = [height, width];
  return { size, counts: rleToString(rleFromPolygons([polygon], size)) };
}
