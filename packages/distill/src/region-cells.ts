import type { Batch } from "@lad/tensor";
import type { DetectorGrid } from "./detector-grid";
import { type ImitationRegion, imitationCells } from "./imitation-cells";

/** Per level the anchors of all images in the region, image · (H·W·A) + anchor. */
export function regionCells(
  { anchors, levelSizes, valid }: DetectorGrid,
  { boxes: gts }: Pick<Batch, "boxes">,
  region: ImitationRegion,
): Int32Array[] {
  const flags = gts.map((boxes, image) => imitationCells(anchors, boxes, valid[image]!, region));
  let start = 0;
  return levelSizes.map((size) => {
    const first = start;
    start += size;
    const rows = flags.flatMap((image, index) =>
      [...image.subarray(first, first + size).keys()].filter((at) => image[first + at]).map((at) => index * size + at),
    );
    return Int32Array.from(rows);
  });
}
