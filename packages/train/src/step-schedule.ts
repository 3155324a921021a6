import { LadError, type Progress } from "@lad/core";

/** A learning rate (or any other number) as a function of where training stands. */
export type Schedule = (at: Progress) => number;

export type StepScheduleOptions = {
  /** Learning rate between warm-up and the first milestone. */
  readonly base: number;
  /** Numbers of completed epochs after which the rate drops. */
  readonly milestones: readonly number[];
  /** What every milestone multiplies the rate by. */
  readonly factor?: number;
  /** Linear rise over the first iterations, from `ratio` of the rate; `iterations: 0` for none. */
  readonly warmup?: { readonly iterations: number; readonly ratio: number };
};

/**
 * `base · factor^(milestones passed)`, milestones counted in epochs; for iteration k < K of the warm-up times
 * `1 - (1 - k / K) · (1 - ratio)`. Numbers follow mmcv's step policy with linear warm-up.
 * @throws {LadError} INVALID_ARGUMENT for numbers outside their domain.
 */
export function stepSchedule({
  base,
  milestones,
  factor = 0.1,
  warmup = { iterations: 500, ratio: 0.001 },
}: StepScheduleOptions): Schedule {
  const numbers = [base, factor, warmup.iterations, warmup.ratio, ...milestones];
  if (!numbers.every((value) => Number.isFinite(value) && value >= 0)) {
    throw new LadError(
      "INVALID_ARGUMENT",
      `stepSchedule: base, milestones, factor and warm-up must be finite numbers ≥ 0, got ${JSON.stringify({ base, milestones, factor, warmup })}`,
    );
  }
  return ({ iteration, epoch }) => {
    const rate = base * factor ** milestones.filter((milestone) => milestone <= epoch).length;
    if (iteration >= warmup.iterations) return rate;
    return rate * (1 - (1 - iteration / warmup.iterations) * (1 - warmup.ratio));
  };
}
