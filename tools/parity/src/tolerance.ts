/** What a difference is allowed to be: `max(relative · |v| + absolute, 5 · uncertainty · ‖t‖∞)`. */
export type Tolerance = {
  readonly relative: number;
  /** Of the largest expected value. */
  readonly ofLargest: number;
  /** Where `ofLargest` is a share of max(floor, ‖t‖∞). */
  readonly floor: number;
  /** The reference's own relative uncertainty, as the file states it. */
  readonly uncertainty?: number;
};

export const forwardTolerance: Tolerance = { relative: 1e-4, ofLargest: 1e-5, floor: 1 };
export const gradientTolerance: Tolerance = { relative: 1e-3, ofLargest: 2e-4, floor: 0 };
/** Of the GFL and LD families. */
export const distributionGradientTolerance: Tolerance = { relative: 0, ofLargest: 1e-3, floor: 0 };
export const lossTolerance: Tolerance = { relative: 1e-4, ofLargest: 0, floor: 0 };
export const trajectoryTolerance: Tolerance = { relative: 2e-3, ofLargest: 0, floor: 0 };
/** Parameters after a trajectory. */
export const trainedTolerance: Tolerance = { relative: 2e-3, ofLargest: 2e-4, floor: 0 };
export const exact: Tolerance = { relative: 0, ofLargest: 0, floor: 0 };
/** Mixture statistics: double arithmetic against double arithmetic, stored as float32. */
export const statisticTolerance: Tolerance = { relative: 1e-4, ofLargest: 1e-5, floor: 1 };

export function withUncertainty(tolerance: Tolerance, uncertainty: number | undefined): Tolerance {
  return uncertainty === undefined ? tolerance : { ...tolerance, uncertainty };
}
