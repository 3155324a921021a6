import { LadError, type Random, type Size } from "@lad/core";
import { flipImage } from "./flip-image";
import type { RgbImage } from "./image";
import { keepRatioSize } from "./keep-ratio-size";
import type { Normalization } from "./normalize-image";
import { resizeCv2 } from "./resize-cv2";
import { resizePillow } from "./resize-pillow";
import { shortSideSize } from "./short-side-size";

/** How the size of a picture is found, px. */
export type Resize =
  /** mmdet's: fits `long` × `short` (see `keepRatioSize`). Two values for `short`: a whole number drawn from between them, ends included; without a draw the second. */
  | {
      readonly kind: "keepRatio";
      readonly long: number;
      readonly short: number | readonly [shortMin: number, shortMax: number];
    }
  /** detectron2's (see `shortSideSize`). A list for `short`: one of them is drawn; without a draw the last. */
  | { readonly kind: "shortSide"; readonly long: number; readonly short: number | readonly number[] }
  /** One size for all, proportions not kept. */
  | { readonly kind: "fixed"; readonly width: number; readonly height: number };

/** What happens to a picture between its file and a batch. */
export type Pipeline = Normalization & {
  readonly resize: Resize;
  /** "cv2" as mmdet, "pillow" as detectron2. */
  readonly interpolation: "cv2" | "pillow";
  /** Probability of a horizontal flip in training, 0…1. */
  readonly flip: number;
  /** Sides are padded with 0, right and below, to a multiple of this, px. */
  readonly padMultiple: number;
};

/**
 * The size a picture is brought to; draws from `random` only if the pipeline leaves a choice.
 * @throws {LadError} INVALID_ARGUMENT: bounds below 1, a range upside down, an empty list.
 */
export function drawSize(size: Size, resize: Resize, random: Random | undefined): Size {
  if (resize.kind === "fixed") return { height: resize.height, width: resize.width };
  if (resize.kind === "keepRatio")
    return keepRatioSize(size, { long: resize.long, short: drawFromRange(resize.short, random) });
  return shortSideSize(size, { long: resize.long, short: drawFromList(resize.short, random) });
}

/** Whether every epoch brings a picture to the same size, so that the resized one can be kept. */
export function hasOneSize(resize: Resize): boolean {
  return resize.kind === "fixed" || typeof resize.short === "number";
}

export function resizeAs(image: RgbImage, size: Size, interpolation: Pipeline["interpolation"]): RgbImage {
  return interpolation === "cv2" ? resizeCv2(image, size) : resizePillow(image, size);
}

/** @throws {LadError} INVALID_ARGUMENT: a probability outside 0…1, a multiple that is no whole number ≥ 1. */
export function checkPipeline(who: string, { flip, padMultiple }: Pipeline): void {
  if (!(flip >= 0 && flip <= 1))
    throw new LadError("INVALID_ARGUMENT", `${who}: pipeline.flip must be a probability, got ${flip}`);
  if (!(Number.isInteger(padMultiple) && padMultiple >= 1)) {
    throw new LadError(
      "INVALID_ARGUMENT",
      `${who}: pipeline.padMultiple must be a whole number >= 1, got ${padMultiple}`,
    );
  }
}

/** Mirrors with the pipeline's probability; without a `random` never. */
export function drawFlip(
  image: RgbImage,
  flip: number,
  random: Random | undefined,
): { image: RgbImage; flipped: boolean } {
  const flipped = random !== undefined && random.uniform() < flip;
  return { image: flipped ? flipImage(image) : image, flipped };
}

function drawFromRange(short: number | readonly [number, number], random: Random | undefined): number {
  if (typeof short === "number") return short;
  const [least, most] = short;
  if (!(Number.isInteger(least) && Number.isInteger(most) && least <= most)) {
    throw new LadError(
      "INVALID_ARGUMENT",
      `pipeline.resize.short must be a range [min, max] of whole numbers, got [${short}]`,
    );
  }
  return random ? least + random.integer(most - least + 1) : most;
}

function drawFromList(short: number | readonly number[], random: Random | undefined): number {
  if (typeof short === "number") return short;
  if (short.length === 0) throw new LadError("INVALID_ARGUMENT", "pipeline.resize.short is an empty list");
  return short[random ? random.integer(short.length) : short.length - 1]!;
}
