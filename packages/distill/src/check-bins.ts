import { LadError } from "@lad/core";
import type { HasDistributions } from "@lad/tensor";

type Binned = Pick<HasDistributions<never>, "binCount">;

/**
 * Two detectors whose distributions are compared must have the same bins.
 * @param where who asks, for the message
 * @throws {LadError} INVALID_ARGUMENT
 */
export function checkBins(where: string, student: Binned, teacher: Binned): void {
  if (student.binCount === teacher.binCount) return;
  throw new LadError(
    "INVALID_ARGUMENT",
    `${where}: the student has ${student.binCount} bins a side, the teacher ${teacher.binCount}; build both heads with one binCount (reg_max + 1)`,
  );
}
