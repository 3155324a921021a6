import type { CocoImages } from "./coco-types";
import { idIndex } from "./id-index";
import type { MaskSize } from "./rle/rle-types";

/** Finds an image's height and width by its id; `undefined` where they are not known. */
export function imageSizes({ ids, sizes }: CocoImages): (imageId: number) => MaskSize | undefined {
  const positionOf = idIndex(ids);
  return (imageId) => {
    const position = positionOf(imageId);
    const [height, width] = [sizes?.[2 * position], sizes?.[2 * position + 1]];
    const isKnown = position >= 0 && Number.isInteger(height) && Number.isInteger(width) && height! >= 0 && width! >= 0;
    return isKnown ? [height!, width!] : undefined;
  };
}
