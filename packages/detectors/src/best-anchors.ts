import { type NdArray, ndArray, type TypedArray } from "@lad/core";

export type BestAnchorsInput = {
  /** `[A·C]` */
  readonly logits: TypedArray;
  /** `[A]` */
  readonly quality?: TypedArray;
  readonly classes: number;
  readonly levelSizes: readonly number[];
  readonly perLevel: number;
};

/** The `perLevel` anchors of every level with the best class score (ties: lower index first), and their scores `[N, C]`. */
export function bestAnchors({ logits, quality, classes, levelSizes, perLevel }: BestAnchorsInput): {
  rows: Int32Array;
  scores: NdArray;
} {
  const best = new Float32Array(levelSizes.reduce((sum, size) => sum + size, 0));
  for (let anchor = 0; anchor < best.length; anchor++) {
    let logit = Number.NEGATIVE_INFINITY;
    for (let i = anchor * classes; i < (anchor + 1) * classes; i++) if (logits[i]! > logit) logit = logits[i]!;
    best[anchor] = score(logit, quality?.[anchor]);
  }
  const rows: number[] = [];
  let start = 0;
  for (const size of levelSizes) {
    const level = Int32Array.from({ length: size }, (_, i) => start + i);
    if (size > perLevel) level.sort((a, b) => best[b]! - best[a]! || a - b);
    rows.push(...level.subarray(0, perLevel));
    start += size;
  }
  const scores = new Float32Array(rows.length * classes);
  rows.forEach((anchor, row) => {
    for (let c = 0; c < classes; c++)
      scores[row * classes + c] = score(logits[anchor * classes + c]!, quality?.[anchor]);
  });
  return { rows: Int32Array.from(rows), scores: ndArray(scores, [rows.length, classes]) };
}

function score(logit: number, quality: number | undefined): number {
  const probability = sigmoid(logit);
  return quality === undefined ? probability : Math.sqrt(probability * sigmoid(quality));
}

function sigmoid(logit: number): number {
  return 1 / (1 + Math.exp(-logit));
}
