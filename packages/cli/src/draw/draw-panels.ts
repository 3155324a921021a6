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
  /** A square of so many px at the box's centre, in place of its outline. */
  readonly dot?: number;
};
export type Panel = { readonly title?: string; readonly image: RgbImage; readonly marks: readonly Mark[] };

const GAP = 8;
const TITLE = 16;

/** Pictures side by side with their boxes, as the bytes of a PNG. `zoom` enlarges them by a whole factor. */
export function drawPanels(panels: readonly Panel[], options: DrawOptions = {}): Buffer {
  return drawGrid([panels], options);
}

export type DrawOptions = { readonly zoom?: number };

/** Rows of such pictures, one below the other. */
export function drawGrid(rows: readonly (readonly Panel[])[], { zoom = 1 }: DrawOptions = {}): Buffer {
  const sizes = rows.map((panels) => ({
    top: panels.some(({ title }) => title !== undefined) ? TITLE : 0,
    width: panels.reduce((sum, { image }) => sum + image.width * zoom, GAP * (panels.length - 1)),
    height: Math.max(...panels.map(({ image }) => image.height * zoom)),
  }));
  const height = sizes.reduce((sum, row) => sum + row.top + row.height, GAP * (rows.length - 1));
  const canvas = createCanvas(Math.max(...sizes.map(({ width }) => width)), height);
  const context = canvas.getContext("2d");
  context.imageSmoothingEnabled = false;
  context.fillStyle = "#ffffff";
  context.fillRect(0, 0, canvas.width, canvas.height);
  let above = 0;
  rows.forEach((panels, index) => {
    const top = above + sizes[index]!.top;
    drawRow(context, panels, { above, top, zoom });
    above = top + sizes[index]!.height + GAP;
  });
  return canvas.toBuffer("image/png");
}

type RowPlace = { readonly above: number; readonly top: number; readonly zoom: number };

function drawRow(context: SKRSContext2D, panels: readonly Panel[], { above, top, zoom }: RowPlace): void {
  let left = 0;
  for (const { title, image, marks } of panels) {
    const [width, height] = [image.width * zoom, image.height * zoom];
    if (title !== undefined) drawText(context, title, { x: left + 2, y: above + 4, color: "#000000" });
    context.drawImage(pictureCanvas(image), left, top, width, height);
    for (const mark of marks) drawMark(context, mark, { left, top, zoom, width, height });
    left += width + GAP;
  }
}

type Frame = Record<"left" | "top" | "width" | "height" | "zoom", number>;

function drawMark(
  context: SKRSContext2D,
  { box, color, text, dashed = false, dot }: Mark,
  { left, top, width: frameWidth, height, zoom }: Frame,
): void {
  const [x1, y1, x2, y2] = box.map((side) => side * zoom) as [number, number, number, number];
  context.save();
  context.beginPath();
  context.rect(left, top, frameWidth, height);
  context.clip();
  context.strokeStyle = color;
  context.fillStyle = color;
  context.lineWidth = 2;
  context.setLineDash(dashed ? [4, 4] : []);
  if (dot === undefined) context.strokeRect(left + x1, top + y1, x2 - x1, y2 - y1);
  else context.fillRect(left + (x1 + x2 - dot) / 2, top + (y1 + y2 - dot) / 2, dot, dot);
  if (text) {
    const width = text.length * CHARACTER_WIDTH + 3;
    const x = Math.max(left, Math.min(left + x1 - 1, left + frameWidth - width));
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
