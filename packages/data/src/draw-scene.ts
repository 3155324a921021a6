import type { Random } from "@lad/core";
import type { RgbImage } from "./image";
import { drawRotation, SHAPES, type Shape, shapePixels } from "./shape-pixels";
import { drawDullColour, drawStrongColour, drawTexture } from "./texture";

/** An object of a drawn picture: the box is tight around its visible pixels, whose number is the area. */
export type DrawnObject = {
  readonly label: number;
  readonly box: readonly [x1: number, y1: number, x2: number, y2: number];
  readonly area: number;
};

export type Scene = {
  readonly image: RgbImage;
  readonly objects: readonly DrawnObject[];
  /** For every pixel the object seen there, or -1. */
  readonly owners: Int8Array;
};

/** Sides of a box, px. */
const LEAST_SIDE = 16;
const MOST_SIDE = 96;
/** Share of an object's pixels that must stay visible under later ones. */
const LEAST_VISIBLE = 0.6;
const TRIES = 40;
/** Every class has hues of its own, a little of them shared with its neighbours: shapes in any colour would take tiny networks hours to tell apart. */
const HUE_BAND = 0.38;

type Placed = { readonly label: number; readonly pixels: Int32Array };

/** Draws 2 to 6 textured circles, squares and triangles, some over others, before a textured background. Same stream, same bytes. */
export function drawScene(random: Random, side: number): Scene {
  const wanted = 2 + random.integer(5);
  let placed: Placed[] = [];
  let owners = new Int8Array(0);
  while (placed.length < 2) {
    placed = [];
    owners = new Int8Array(side * side).fill(-1);
    const centres: { x: number; y: number }[] = [];
    for (let attempt = 0; attempt < TRIES && placed.length < wanted; attempt++) {
      const label = random.integer(SHAPES.length);
      const shape = drawShape(random, label, side, centres);
      const pixels = shapePixels(shape, side);
      const next = pixels && cover(owners, pixels, placed.length);
      if (!pixels || !next || !allVisible(next, [...placed, { label, pixels }], side)) continue;
      owners = next;
      placed.push({ label, pixels });
      centres.push(shape);
    }
  }
  const areas = visibleBounds(owners, placed.length, side);
  const objects = placed.map(({ label }, index) => ({ label, ...areas[index]! }));
  return { image: paint(owners, placed, random), objects, owners };
}

function drawShape(random: Random, label: number, side: number, centres: readonly { x: number; y: number }[]): Shape {
  const share = random.uniform();
  const extent = LEAST_SIDE + 2 + (MOST_SIDE - LEAST_SIDE - 4) * share * Math.sqrt(share); // more small ones than large
  const near = centres.length > 0 && random.uniform() < 0.5 ? centres[random.integer(centres.length)] : undefined;
  const along = (from: number | undefined) =>
    from === undefined ? random.uniform() * side : from + (random.uniform() - 0.5) * 2 * extent;
  return { name: SHAPES[label]!, x: along(near?.x), y: along(near?.y), extent, ...drawRotation(random) };
}

function cover(owners: Int8Array, pixels: Int32Array, index: number): Int8Array<ArrayBuffer> {
  const next = Int8Array.from(owners);
  for (const pixel of pixels) next[pixel] = index;
  return next;
}

function allVisible(owners: Int8Array, placed: readonly Placed[], side: number): boolean {
  return visibleBounds(owners, placed.length, side).every(({ box: [x1, y1, x2, y2], area }, index) => {
    const [shorter, longer] = [Math.min(x2 - x1, y2 - y1), Math.max(x2 - x1, y2 - y1)];
    return shorter >= LEAST_SIDE && longer <= MOST_SIDE && area >= LEAST_VISIBLE * placed[index]!.pixels.length;
  });
}

function visibleBounds(owners: Int8Array, count: number, side: number): Pick<DrawnObject, "box" | "area">[] {
  const bounds = Array.from({ length: count }, () => ({
    box: [side, side, 0, 0] as [number, number, number, number],
    area: 0,
  }));
  owners.forEach((owner, pixel) => {
    if (owner < 0) return;
    const found = bounds[owner]!;
    const [x, y] = [pixel % side, Math.floor(pixel / side)];
    const [x1, y1, x2, y2] = found.box;
    found.box = [Math.min(x1, x), Math.min(y1, y), Math.max(x2, x + 1), Math.max(y2, y + 1)];
    found.area++;
  });
  return bounds;
}

function paint(owners: Int8Array, placed: readonly Placed[], random: Random): RgbImage {
  const side = Math.sqrt(owners.length);
  const background = drawTexture(random, drawDullColour(random));
  const textures = placed.map(({ label }) =>
    drawTexture(random, drawStrongColour(random, { hue: label / SHAPES.length, band: HUE_BAND })),
  );
  const data = new Uint8Array(side * side * 3);
  owners.forEach((owner, pixel) => {
    const texture = owner < 0 ? background : textures[owner]!;
    const colour = texture(pixel % side, Math.floor(pixel / side));
    for (let channel = 0; channel < 3; channel++) data[pixel * 3 + channel] = colour[channel]!;
  });
  return { data, width: side, height: side };
}
