import type { Random } from "@lad/core";

export type Rgb = readonly [red: number, green: number, blue: number];

/** Colour of the pixel at (x, y). */
export type Texture = (x: number, y: number) => Rgb;

/** Stripes of random direction, width and strength, with noise, around a colour. Draws from `random` at every call. */
export function drawTexture(random: Random, colour: Rgb): Texture {
  const [right, down] = [(random.uniform() - 0.5) / 4, (random.uniform() - 0.5) / 4]; // periods per px
  const strength = 10 + random.uniform() * 30;
  const noise = 6 + random.uniform() * 14;
  return (x, y) => {
    const phase = x * right + y * down;
    const stripe = (Math.abs(phase - Math.floor(phase) - 0.5) * 4 - 1) * strength;
    const grain = (random.uniform() - 0.5) * 2 * noise;
    const [red, green, blue] = colour.map((value) => Math.round(Math.min(255, Math.max(0, value + stripe + grain))));
    return [red!, green!, blue!];
  };
}

/** A colour that differs from the ground by at least 150 summed over the channels. */
export function drawContrast(random: Random, ground: Rgb): Rgb {
  for (;;) {
    const colour: Rgb = [random.integer(256), random.integer(256), random.integer(256)];
    const difference = colour.reduce((sum, value, channel) => sum + Math.abs(value - ground[channel]!), 0);
    if (difference >= 150) return colour;
  }
}
