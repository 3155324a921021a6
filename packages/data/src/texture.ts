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

/** A dull colour for backgrounds: channels within 30 of each other. */
export function drawDullColour(random: Random): Rgb {
  const level = 60 + random.integer(120);
  return [level + random.integer(31) - 15, level + random.integer(31) - 15, level + random.integer(31) - 15];
}

/**
 * A strong colour, its hue in a band around `hue`.
 * @param hue share of the colour circle, 0 = red. @param band width of the band, share of the circle.
 */
export function drawStrongColour(random: Random, { hue, band }: { readonly hue: number; readonly band: number }): Rgb {
  const turn = (hue + (random.uniform() - 0.5) * band + 1) * 6;
  const low = random.integer(60);
  const high = 180 + random.integer(76);
  const channel = (offset: number) => {
    const share = Math.min(1, Math.max(0, Math.abs(((turn + offset) % 6) - 3) - 1));
    return Math.round(low + (high - low) * share);
  };
  return [channel(0), channel(4), channel(2)];
}
