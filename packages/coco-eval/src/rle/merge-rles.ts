import { checkCounts } from "./check-size";
import type { Rle } from "./rle-types";
import { walkPair } from "./walk-pair";

/**
 * Union or intersection of masks. As in COCO, masks of different sizes give a mask of size 0 x 0 without counts, and so does
 * an empty list.
 * @throws {LadError} INVALID_DATA if the counts of a mask do not add up to height · width.
 */
export function mergeRles(rles: readonly Rle[], how: "union" | "intersection" = "union"): Rle {
  const [first, ...others] = rles;
  const nothing: Rle = { size: [0, 0], counts: new Uint32Array(0) };
  if (first === undefined) return nothing;
  const [height, width] = first.size;
  if (others.some(({ size }) => size[0] !== height || size[1] !== width)) return nothing;
  for (const rle of rles) checkCounts("mergeRles", rle);
  const merge = (a: Uint32Array, { counts }: Rle) => mergeCounts(a, counts, how === "intersection");
  return { size: first.size, counts: others.reduce(merge, first.counts) };
}

function mergeCounts(first: Uint32Array, second: Uint32Array, intersect: boolean): Uint32Array {
  const counts: number[] = [];
  let run = 0;
  let inside = false;
  walkPair(first, second, (length, inFirst, inSecond) => {
    if ((intersect ? inFirst && inSecond : inFirst || inSecond) !== inside) {
      counts.push(run);
      run = 0;
      inside = !inside;
    }
    run += length;
  });
  counts.push(run);
  return Uint32Array.from(counts);
}
