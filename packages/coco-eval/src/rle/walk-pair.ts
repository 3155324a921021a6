/** Takes a stretch of pixels that lie in both, one or none of two masks. */
export type StretchVisitor = (length: number, inFirst: boolean, inSecond: boolean) => void;

/**
 * Walks two masks of equal size at once, stretch by stretch, as COCO does: the walk ends where both have no pixels left in
 * their current run, so where two runs of length 0 meet inside the masks, what follows is not looked at.
 * The counts must add up to the same number.
 */
export function walkPair(first: Uint32Array, second: Uint32Array, visit: StretchVisitor): void {
  let [a, b] = [1, 1];
  let [leftA, leftB] = [first[0] ?? 0, second[0] ?? 0];
  let [inA, inB] = [false, false];
  do {
    const length = Math.min(leftA, leftB);
    visit(length, inA, inB);
    leftA -= length;
    leftB -= length;
    if (leftA === 0 && a < first.length) {
      leftA = first[a++]!;
      inA = !inA;
    }
    if (leftB === 0 && b < second.length) {
      leftB = second[b++]!;
      inB = !inB;
    }
  } while (leftA + leftB > 0);
}
