import type { Size } from "@lad/core";
import { checkImage, checkSize, type RgbImage } from "./image";

/** Fractional bits of Pillow's 8-bit resampling weights: 32 - 8 - 2. */
const PRECISION = 22;
const HALF = 1 << (PRECISION - 1);

/**
 * Bilinear resize of bytes, bit for bit Pillow's `image.resize(size, Image.BILINEAR)`: a triangle filter that widens when shrinking (antialiased),
 * horizontal pass first, rounded to bytes, then the vertical one. The detectron2 pipelines (LGD) use it.
 * @throws {LadError} INVALID_ARGUMENT, SHAPE_MISMATCH: sides below 1, data that does not fit the sides.
 */
export function resizePillow(image: RgbImage, size: Size): RgbImage {
  checkImage("resizePillow", image);
  checkSize("resizePillow", size);
  const { width, height } = size;
  const narrow = width === image.width ? image.data : resizeRows(image, width);
  const data = height === image.height ? narrow : resizeColumns(narrow, width, image.height, height);
  return { data: data === image.data ? data.slice() : data, width, height };
}

type Filter = {
  readonly taps: number;
  readonly first: Int32Array;
  readonly count: Int32Array;
  readonly weights: Int32Array;
};

/** For every output position: the first tap, how many, and their fixed-point weights (`taps` slots a position). */
function triangleFilter(source: number, destination: number): Filter {
  const scale = source / destination;
  const support = Math.max(scale, 1);
  const taps = Math.ceil(support) * 2 + 1;
  const first = new Int32Array(destination);
  const count = new Int32Array(destination);
  const weights = new Int32Array(destination * taps);
  const exact = new Float64Array(taps);
  const perUnit = 1 / support;
  for (let d = 0; d < destination; d++) {
    const centre = (d + 0.5) * scale;
    const start = Math.max(Math.trunc(centre - support + 0.5), 0);
    const length = Math.min(Math.trunc(centre + support + 0.5), source) - start;
    let total = 0;
    for (let tap = 0; tap < length; tap++) {
      exact[tap] = Math.max(0, 1 - Math.abs((tap + start - centre + 0.5) * perUnit));
      total += exact[tap]!;
    }
    for (let tap = 0; tap < length; tap++) {
      weights[d * taps + tap] = Math.trunc(0.5 + (exact[tap]! / total) * (1 << PRECISION));
    }
    first[d] = start;
    count[d] = length;
  }
  return { taps, first, count, weights };
}

function resizeRows(image: RgbImage, width: number): Uint8Array {
  const { data: source, height } = image;
  const { taps, first, count, weights } = triangleFilter(image.width, width);
  const data = new Uint8Array(width * height * 3);
  for (let y = 0, out = 0; y < height; y++) {
    const row = y * image.width * 3;
    for (let x = 0; x < width; x++, out += 3) {
      let [red, green, blue] = [HALF, HALF, HALF];
      const end = x * taps + count[x]!;
      for (let tap = x * taps, from = row + first[x]! * 3; tap < end; tap++, from += 3) {
        const weight = weights[tap]!;
        red += source[from]! * weight;
        green += source[from + 1]! * weight;
        blue += source[from + 2]! * weight;
      }
      data[out] = Math.min(red >> PRECISION, 255);
      data[out + 1] = Math.min(green >> PRECISION, 255);
      data[out + 2] = Math.min(blue >> PRECISION, 255);
    }
  }
  return data;
}

function resizeColumns(source: Uint8Array, width: number, from: number, height: number): Uint8Array {
  const stride = width * 3;
  const { taps, first, count, weights } = triangleFilter(from, height);
  const data = new Uint8Array(stride * height);
  const sums = new Int32Array(stride);
  for (let y = 0; y < height; y++) {
    sums.fill(HALF);
    for (let tap = 0; tap < count[y]!; tap++) {
      const weight = weights[y * taps + tap]!;
      const row = (first[y]! + tap) * stride;
      for (let i = 0; i < stride; i++) sums[i]! += source[row + i]! * weight;
    }
    const out = y * stride;
    for (let i = 0; i < stride; i++) data[out + i] = Math.min(sums[i]! >> PRECISION, 255);
  }
  return data;
}
