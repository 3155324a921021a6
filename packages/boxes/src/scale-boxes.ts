import { type NdArray, ndArray } from "@lad/core";
import { countBoxes } from "./count-boxes";

export type ScaleBoxesOptions = {
  /** Divide by the factors instead (one rounding less than multiplying by their inverse). */
  readonly inverse?: boolean;
};

/**
 * Boxes of a resized image: x times `scale[0]`, y times `scale[1]`; with `inverse`, back to the original image.
 * @param boxes [N, 4] xyxy, px. @returns a new [N, 4]
 * @throws {LadError} SHAPE_MISMATCH if `boxes` is not [N, 4].
 */
export function scaleBoxes(
  boxes: NdArray,
  scale: readonly [x: number, y: number],
  { inverse = false }: ScaleBoxesOptions = {},
): NdArray {
  countBoxes(boxes, "scaleBoxes");
  const factors = [Math.fround(scale[0]), Math.fround(scale[1])] as const;
  return ndArray(
    boxes.data.map((value, at) => (inverse ? value / factors[at % 2]! : value * factors[at % 2]!)),
    boxes.shape,
  );
}
