import { LadError, type Progress } from "@lad/core";
import type { Schedule } from "./step-schedule";

/** The rate that a schedule gives now. @throws {LadError} INVALID_ARGUMENT unless it is a finite number ≥ 0. */
export function checkedRate(who: string, schedule: Schedule, at: Progress): number {
  const rate = schedule(at);
  if (Number.isFinite(rate) && rate >= 0) return rate;
  throw new LadError(
    "INVALID_ARGUMENT",
    `${who}: the learning rate must be a finite number ≥ 0, the schedule gave ${rate} at iteration ${at.iteration}`,
  );
}
