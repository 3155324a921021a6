import { type NdArray, ndArray } from "@lad/core";
import type { WarningTally } from "./warning-tally";

/** One object of a picture as its file describes it, before the rules of `keepAnnotations`. */
export type Annotation = {
  /** xyxy, px. */
  readonly box: readonly [x1: number, y1: number, x2: number, y2: number];
  readonly label: number;
  /** px². */
  readonly area: number;
  /** object: to be found. crowd: a region where nothing is counted. ignore: to be left out. */
  readonly kind: "object" | "crowd" | "ignore";
  readonly difficult: boolean;
};

/** Boxes may stick out of the picture by this many px (rounding in the tool that drew them) before it is worth a warning. */
const OVERHANG = 1;

type Kept = {
  readonly boxes: NdArray;
  readonly labels: Int32Array;
  readonly ignoreBoxes: NdArray;
  readonly difficult: Uint8Array;
};

/**
 * mmdet's rules: an object is left out if it is marked `ignore`, narrower or lower than 1 px, has no area, or does not touch the picture;
 * a crowd becomes an ignore box. Boxes that stick out stay as they are (they are clipped after resizing). Every reason is counted.
 */
export function keepAnnotations(
  annotations: readonly Annotation[],
  image: { readonly name: string; readonly width: number; readonly height: number },
  tally: WarningTally,
): Kept {
  const kept = annotations.filter((annotation) => {
    const reason = reasonToDrop(annotation, image);
    if (reason) tally.count(`left out: ${reason}`, image.name);
    else if (sticksOut(annotation, image))
      tally.count("reaching outside the picture (kept, clipped when resized)", image.name);
    return !reason;
  });
  const objects = kept.filter(({ kind }) => kind === "object");
  return {
    boxes: boxArray(objects),
    labels: Int32Array.from(objects, ({ label }) => label),
    difficult: Uint8Array.from(objects, ({ difficult }) => Number(difficult)),
    ignoreBoxes: boxArray(kept.filter(({ kind }) => kind === "crowd")),
  };
}

type Bounds = { readonly width: number; readonly height: number };

function reasonToDrop(
  { box: [x1, y1, x2, y2], area, kind }: Annotation,
  { width, height }: Bounds,
): string | undefined {
  if (kind === "ignore") return "marked ignore";
  if (x2 - x1 < 1 || y2 - y1 < 1) return "width or height below 1 px";
  if (area <= 0) return "area not above 0";
  const overlap =
    Math.max(0, Math.min(x2, width) - Math.max(x1, 0)) * Math.max(0, Math.min(y2, height) - Math.max(y1, 0));
  return overlap === 0 ? "wholly outside the picture" : undefined;
}

function sticksOut({ box: [x1, y1, x2, y2] }: Annotation, { width, height }: Bounds): boolean {
  return Math.min(x1, y1) < -OVERHANG || x2 > width + OVERHANG || y2 > height + OVERHANG;
}

function boxArray(annotations: readonly Annotation[]): NdArray {
  return ndArray(Float32Array.from(annotations.flatMap(({ box }) => [...box])), [annotations.length, 4]);
}
