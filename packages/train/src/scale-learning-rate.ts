import { LadError } from "@lad/core";

export type ScaleLearningRateOptions = {
  /** Images that one step of the optimiser sees: batch · accumulated batches · processes. */
  readonly batch: number;
  /** Images per step that `base` was chosen for. */
  readonly referenceBatch?: number;
  /** Told in a sentence what was scaled, if anything was. */
  readonly log?: (message: string) => void;
};

/**
 * The linear scaling rule (arXiv 1706.02677): `base · batch / referenceBatch`.
 * @throws {LadError} INVALID_ARGUMENT if a batch is not a positive number.
 */
export function scaleLearningRate(
  base: number,
  { batch, referenceBatch = 16, log = () => {} }: ScaleLearningRateOptions,
): number {
  if (!(batch > 0 && referenceBatch > 0))
    throw new LadError(
      "INVALID_ARGUMENT",
      `scaleLearningRate: batch and referenceBatch must be positive, got ${batch} and ${referenceBatch}`,
    );
  const scaled = (base * batch) / referenceBatch;
  if (scaled !== base)
    log(`learning rate ${base} is for ${referenceBatch} images a step; scaled to ${scaled} for ${batch}`);
  return scaled;
}
