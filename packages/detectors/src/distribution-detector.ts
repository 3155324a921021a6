import type { HasDistributions } from "@lad/tensor";
import type { DenseDetector } from "./dense-detector";
import { type DenseOut, levelRows } from "./dense-out";

/** A dense detector whose boxes are distributions: what localization distillation asks of both networks. */
export type DistributionDetector = DenseDetector & HasDistributions<DenseOut>;

/** The detector with its raw distributions. */
export function withDistributions(detector: DenseDetector, binCount: number): DistributionDetector {
  return {
    ...detector,
    binCount,
    boxDistributions: ({ levels }) => levels.map(({ boxes }) => levelRows(boxes, 4 * binCount)),
  };
}
