import { kindColors } from "./kind-colors";
import { element, label, svg } from "./svg";
import type { DrawnBox } from "./worst-images";

export type ImagePicture = {
  /** px of the boxes; by default what they cover. */
  readonly size?: { readonly width: number; readonly height: number };
  /** The picture itself, as a data URL. */
  readonly href?: string;
  readonly boxes: readonly DrawnBox[];
};

/** Objects (dashed) and detections on their image, or on a grey sheet. */
export function imagePicture({ size, href, boxes }: ImagePicture): string {
  const { width, height } = size ?? covered(boxes);
  const scale = 360 / Math.max(width, height, 1);
  const sheet = { x: 0, y: 0, width: width * scale, height: height * scale };
  const ground = href ? element("image", { ...sheet, href }) : element("rect", { ...sheet, fill: "#eee" });
  const drawn = boxes.flatMap(({ box: [x, y, w, h], what, label: of, score }) => {
    const place = { x: x * scale, y: y * scale, width: Math.max(0, w * scale), height: Math.max(0, h * scale) };
    const color = kindColors[what] ?? "#57606a";
    const name = `${what} ${of}${score === undefined ? "" : ` ${score.toFixed(2)}`}`;
    const dashes = score === undefined ? "5 3" : undefined;
    const rect = element("rect", {
      ...place,
      fill: "none",
      stroke: color,
      "stroke-width": 2,
      "stroke-dasharray": dashes,
    });
    const text = {
      x: place.x + 3,
      y: place.y + (score === undefined ? place.height - 4 : 11),
      fill: color,
      "font-size": 10,
    };
    return [rect, label({ ...text, stroke: "#fff", "stroke-width": 3, "paint-order": "stroke" }, name)];
  });
  return svg(Math.ceil(sheet.width), Math.ceil(sheet.height), [ground, ...drawn], "boxes of an image");
}

function covered(boxes: readonly DrawnBox[]): { width: number; height: number } {
  return {
    width: Math.max(1, ...boxes.map(({ box: [x, , w] }) => x + w)),
    height: Math.max(1, ...boxes.map(({ box: [, y, , h] }) => y + h)),
  };
}
