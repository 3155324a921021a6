import type { Random } from "@lad/core";

export const SHAPES = ["circle", "square", "triangle"] as const;
export type ShapeName = (typeof SHAPES)[number];

/** A filled shape on the pixel grid. */
export type Shape = {
  readonly name: ShapeName;
  /** px, of the circumscribed circle's middle. */
  readonly x: number;
  readonly y: number;
  /** About the longer side of its box, px. */
  readonly extent: number;
  /** Direction of its rotation. */
  readonly cos: number;
  readonly sin: number;
};

/** A slight rotation, up to ±20°, without trigonometric functions: their last bit differs between engines. */
export function drawRotation(random: Random): { cos: number; sin: number } {
  const half = (random.uniform() - 0.5) * 0.35; // tan of half the angle
  return { cos: (1 - half * half) / (1 + half * half), sin: (2 * half) / (1 + half * half) };
}

/** The pixels (y · side + x) whose centre lies inside; undefined if the shape does not fit into the picture. */
export function shapePixels(shape: Shape, side: number): Int32Array | undefined {
  const inside = insideTest(shape);
  const reach = Math.ceil(shape.extent * 0.75) + 1;
  const pixels: number[] = [];
  for (let y = Math.floor(shape.y) - reach; y <= shape.y + reach; y++) {
    for (let x = Math.floor(shape.x) - reach; x <= shape.x + reach; x++) {
      const [right, down] = [x + 0.5 - shape.x, y + 0.5 - shape.y];
      if (!inside(right * shape.cos + down * shape.sin, down * shape.cos - right * shape.sin)) continue;
      if (x < 0 || y < 0 || x >= side || y >= side) return undefined;
      pixels.push(y * side + x);
    }
  }
  return Int32Array.from(pixels);
}

/** In the shape's own axes, from its middle. */
function insideTest({ name, extent, cos, sin }: Shape): (u: number, v: number) => boolean {
  if (name === "circle") return (u, v) => u * u + v * v <= (extent / 2) ** 2;
  if (name === "square") {
    const half = extent / 2 / (cos + Math.abs(sin));
    return (u, v) => Math.abs(u) <= half && Math.abs(v) <= half;
  }
  const inner = extent / 3.7; // radius of the inscribed circle; equilateral, one corner up
  const slope = Math.sqrt(3) / 2;
  return (u, v) => v <= inner && slope * u - v / 2 <= inner && -slope * u - v / 2 <= inner;
}
