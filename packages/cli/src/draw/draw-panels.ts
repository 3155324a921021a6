import type { RgbImage } from "@lad/data";
import { createCanvas, type SKRSContext2D } from "@napi-rs/canvas";
import { CHARACTER_HEIGHT, CHARACTER_WIDTH, eachTextPixel } from "./bitmap-font";
import { pictureCanvas } from "./picture-canvas";

/** A box on a picture, px of that picture. */
export type Mark = {
  readonly box: readonly [x1: number, y1: number, x2: number, y2: number];
  readonly color: string;
  readonly text?: string;
  readonly dashed?: boolean;
};
export type Panel = { readonly title?: string; readonly image: RgbImage; readonly marks: readonly Mark[] };

const GAP = 8;
const TITLE = 16;

/** Pictures side by side with their boxes, as the bytes of a PNG. `zoom` enlarges them by a whole factor. */
export function drawPanels(panels: readonly Panel[], { zoom = 1 }: { readonly zoom?: number } = {}): Buffer {
  const titled = panels.some(({ title }) => title !== undefined);
  const top = titled ? TITLE : 0;
  const width = panels.reduce((sum, { image }) => sum + image.width * zoom, GAP * (panels.length - 1));
  const height = Math.max(...panels.map(({ image }) => image.height * zoom)) + top;
  const canvas = createCanvas(width, height);
  const context = canvas.getContext("2d");
  context.imageSmoothingEnabled = false;
  context.fillStyle = "#ffffff";
  context.fillRect(0, 0, width, height);
  let left = 0;
  for (const { title, image, marks } of panels) {
    if (title !== undefined) drawText(context, title, { x: left + 2, y: 4, color: "#000000" });
    context.drawImage(pictureCanvas(image), left, top, image.width * zoom, image.height * zoom);
    for (const mark of marks) drawMark(context, mark, { left, top, zoom, right: left + image.width * zoom });
    left += image.width * zoom + GAP;
  }
  return canvas.toBuffer("image/png");
}

type Frame = { readonly left: number; readonly top: number; readonly right: number; readonly zoom: number };

function drawMark(
  context: SKRSContext2D,
  { box, color, text, dashed = false }: Mark,
  { left, top, right, zoom }: Frame,
): void {
  const [x1, y1, x2, y2] = box.map((side) => side * zoom) as [number, number, number, number];
  context.save();
  context.beginPath();
  context.rect(left, top, right - left, context.canvas.height - top);
  context.clip();
  context.strokeStyle = color;
  context.lineWidth = 2;
  context.setLineDash(dashed ? [4, 4] : []);
  context.strokeRect(left + x1, top + y1, x2 - x1, y2 - y1);
  if (text) {
    const width = text.length * CHARACTER_WIDTH + 3;
    const x = Math.max(left, Math.min(left + x1 - 1, right - width));
    const y = Math.max(top, top + y1 - CHARACTER_HEIGHT - 4);
    context.fillStyle = color;
    context.fillRect(x, y, width, CHARACTER_HEIGHT + 4);
    drawText(context, text, { x: x + 2, y: y + 2, color: "#ffffff" });
  }
  context.restore();
}

type TextPlace = { readonly x: number; readonly y: number; readonly color: string };

function drawText(context: SKRSContext2D, text: string, { x, y, color }: TextPlace): void {
  context.fillStyle = color;
  eachTextPixel(text, (dx, dy) => context.fillRect(Math.round(x) + dx, Math.round(y) + dy, 1, 1));
}
