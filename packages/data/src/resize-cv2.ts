import type { Size } from "@lad/core";
import { cv2Taps } from "./cv2-taps";
import { checkImage, checkSize, type RgbImage } from "./image";

/**
 * Bilinear resize of bytes, bit for bit `cv2.resize(image, size, interpolation=cv2.INTER_LINEAR)`: 11-bit fixed-point weights, no antialiasing.
 * The mmdet pipelines (LAD, LD) use it.
 * @throws {LadError} INVALID_ARGUMENT, SHAPE_MISMATCH: sides below 1, data that does not fit the sides.
 */
export function resizeCv2(image: RgbImage, size: Size): RgbImage {
  checkImage("resizeCv2", image);
  checkSize("resizeCv2", size);
  const { width, height } = size;
  if (width === image.width && height === image.height) return { data: image.data.slice(), width, height };
  const columns = cv2Taps(image.width, width, "x");
  const rows = cv2Taps(image.height, height, "y");
  const left = columns.first.map((column) => column * 3);
  const right = columns.second.map((column) => column * 3);
  const [leftWeights, rightWeights] = fixedWeights(columns.fraction);
  const [upperWeights, lowerWeights] = fixedWeights(rows.fraction);
  const data = new Uint8Array(width * height * 3);
  let upper = { row: -1, sums: new Int32Array(width * 3) };
  let lower = { row: -1, sums: new Int32Array(width * 3) };
  const fill = (line: typeof upper, row: number) => {
    sumRow(line.sums, image.data, row * image.width * 3, left, right, leftWeights, rightWeights);
    line.row = row;
  };
  for (let y = 0; y < height; y++) {
    const [first, second] = [rows.first[y]!, rows.second[y]!];
    if (lower.row === first || upper.row === second) [upper, lower] = [lower, upper];
    if (upper.row !== first) fill(upper, first);
    if (lower.row !== second) fill(lower, second);
    blendRows(data, y * width * 3, upper.sums, lower.sums, upperWeights[y]!, lowerWeights[y]!);
  }
  return { data, width, height };
}

/** round-half-even of (1 - f) · 2048 and f · 2048, both from float32 values. */
function fixedWeights(fractions: Float32Array): [Int32Array, Int32Array] {
  const first = Int32Array.from(fractions, (fraction) => roundHalfEven(Math.fround(1 - fraction) * 2048));
  return [first, Int32Array.from(fractions, (fraction) => roundHalfEven(fraction * 2048))];
}

function roundHalfEven(value: number): number {
  const floor = Math.floor(value);
  const rest = value - floor;
  return rest > 0.5 || (rest === 0.5 && floor % 2 !== 0) ? floor + 1 : floor;
}

/** Horizontal pass over one source row: left · w0 + right · w1, scaled by 2^11, then shifted by 4 as the vertical pass wants it. */
function sumRow(
  sums: Int32Array,
  data: Uint8Array,
  start: number,
  left: Int32Array,
  right: Int32Array,
  leftWeights: Int32Array,
  rightWeights: Int32Array,
): void {
  for (let x = 0, out = 0; x < left.length; x++, out += 3) {
    const [a, b, wa, wb] = [start + left[x]!, start + right[x]!, leftWeights[x]!, rightWeights[x]!];
    sums[out] = (data[a]! * wa + data[b]! * wb) >> 4;
    sums[out + 1] = (data[a + 1]! * wa + data[b + 1]! * wb) >> 4;
    sums[out + 2] = (data[a + 2]! * wa + data[b + 2]! * wb) >> 4;
  }
}

function blendRows(
  data: Uint8Array,
  start: number,
  upper: Int32Array,
  lower: Int32Array,
  wu: number,
  wl: number,
): void {
  for (let i = 0; i < upper.length; i++) {
    data[start + i] = (((wu * upper[i]!) >> 16) + ((wl * lower[i]!) >> 16) + 2) >> 2;
  }
}
