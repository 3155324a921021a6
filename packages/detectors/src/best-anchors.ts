import { type NdArray, ndArray, type TypedArray } from "@lad/core";

/** PAA takes the root of class probability times quality, ATSS and FCOS the product. */
export type ScoreRule = "root" | "product";

export type BestAnchorsInput = {
  /** Class logits or probabilities, `[A·C]`. */
  readonly outputs: TypedArray;
  readonly form: "logits" | "probabilities";
  /** Logits, `[A]`. */
  readonly quality?: TypedArray;
  /** How a score is made of class and quality: the root of their product (default), or the product. */
  readonly scoreRule?: ScoreRule;
  readonly classes: number;
  readonly levelSizes: readonly number[];
  readonly perLevel: number;
};

/** The `perLevel` anchors of every level with the best class score (ties: lower index first), and their scores `[N, C]`. */
export function bestAnchors({
  outputs,
  form,
  quality,
  scoreRule = "root",
  classes,
  levelSizes,
  perLevel,
}: BestAnchorsInput): {
  rows: Int32Array;
  scores: NdArray;
} {
  const probability = form === "logits" ? sigmoid : (value: number) => value;
  const score = (output: number, logit: number | undefined) => {
    if (logit === undefined) return probability(output);
    const product = probability(output) * sigmoid(logit);
    return scoreRule === "root" ? Math.sqrt(product) : product;
  };
  const best = new Float32Array(levelSizes.reduce((sum, size) => sum + size, 0));
  for (let anchor = 0; anchor < best.length; anchor++) {
    let output = Number.NEGATIVE_INFINITY;
    for (let i = anchor * classes; i < (anchor + 1) * classes; i++) if (outputs[i]! > output) output = outputs[i]!;
    best[anchor] = score(output, quality?.[anchor]);
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
      scores[row * classes + c] = score(outputs[anchor * classes + c]!, quality?.[anchor]);
  });
  return { rows: Int32Array.from(rows), scores: ndArray(scores, [rows.length, classes]) };
}

function sigmoid(logit: number): number {
  return 1 / (1 + Math.exp(-logit));
}
