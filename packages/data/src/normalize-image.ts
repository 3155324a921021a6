import { LadError, type NdArray, ndArray } from "@lad/core";
import { checkImage, type RgbImage } from "./image";

export type Normalization = {
  /** Per channel, R, G, B, in the units of the bytes (0…255). */
  readonly mean: readonly [red: number, green: number, blue: number];
  /** Per channel, R, G, B, > 0. */
  readonly std: readonly [red: number, green: number, blue: number];
  /** "reciprocal" (default): times float32(1 / std), as mmdet does; "divide": divided by std, as detectron2 does. They differ in the last bit. */
  readonly rule?: "reciprocal" | "divide";
  /** Order of the channels in the result; networks from detectron2 read BGR. Default "rgb". */
  readonly channels?: "rgb" | "bgr";
};

/**
 * (byte - mean) / std in float32.
 * @returns `[H, W, 3]`
 * @throws {LadError} INVALID_ARGUMENT, SHAPE_MISMATCH: a std that is not > 0, a mean that is not finite, data that does not fit the sides.
 */
export function normalizeImage(image: RgbImage, normalization: Normalization): NdArray {
  checkImage("normalizeImage", image);
  const [red, green, blue] = normalizationTables(normalization);
  const bgr = normalization.channels === "bgr";
  const [redAt, blueAt] = bgr ? [2, 0] : [0, 2];
  const source = image.data;
  const data = new Float32Array(source.length);
  for (let i = 0; i < source.length; i += 3) {
    data[i + redAt] = red[source[i]!]!;
    data[i + 1] = green[source[i + 1]!]!;
    data[i + blueAt] = blue[source[i + 2]!]!;
  }
  return ndArray(data, [image.height, image.width, 3]);
}

/** The 256 possible results per channel: exact, and faster than arithmetic per pixel. */
function normalizationTables({
  mean,
  std,
  rule = "reciprocal",
}: Normalization): [Float32Array, Float32Array, Float32Array] {
  if (![...mean, ...std].every(Number.isFinite) || !std.every((value) => value > 0)) {
    throw new LadError(
      "INVALID_ARGUMENT",
      `normalizeImage: mean must be finite and std > 0 for each of R, G, B, got mean [${mean}] and std [${std}]`,
    );
  }
  const table = (channel: 0 | 1 | 2) => {
    const [offset, divisor] = [Math.fround(mean[channel]), Math.fround(std[channel])];
    const factor = Math.fround(1 / divisor);
    return Float32Array.from({ length: 256 }, (_, byte) => {
      const centred = Math.fround(byte - offset);
      return rule === "divide" ? centred / divisor : centred * factor;
    });
  };
  return [table(0), table(1), table(2)];
}
