import { LadError } from "@lad/core";
import type { AnyDetector } from "@lad/tensor";
import type { Terminal } from "../terminal/terminal";
import { loadBackbone } from "./load-backbone";
import { loadWeights } from "./load-weights";
import type { TrainPlan } from "./plan-training";
import { findRunRecord } from "./run-record";

export type GivenNetworks = {
  readonly student: AnyDetector;
  readonly teacher: AnyDetector | undefined;
  readonly labeller: AnyDetector | undefined;
};

/**
 * Loads the weights that a training was given: of the backbone, the whole student, the teacher, the labeller.
 * @throws {LadError} CHECKPOINT_MISMATCH if they are of other networks or classes, NOT_FOUND, IO.
 */
export async function loadGivenWeights(
  { config, init, start, allowMismatch = false, ...places }: TrainPlan,
  classes: readonly string[],
  { student, ...frozen }: GivenNetworks,
  { note }: Pick<Terminal, "note">,
): Promise<void> {
  const fit = { allowMismatch, note };
  if (init) {
    await loadBackbone(student.params, init, fit);
    note(`backbone weights: ${init}`);
  } else if (start) {
    await checkClasses("--start", start, classes);
    note(`student's weights: ${await loadWeights(student.params, start, { purpose: "--start", ...fit })}`);
  } else if (config.pretrained) {
    note("from scratch: no stage is frozen and batch norms use the statistics of the batch");
  }
  for (const name of ["teacher", "labeller"] as const) {
    const [network, place] = [frozen[name], places[name]];
    if (!network || place === undefined) continue;
    await checkClasses(`--${name}`, place, classes);
    note(`${name}'s weights: ${await loadWeights(network.params, place, { purpose: `--${name}`, ...fit })}`);
  }
}

/** A run knows its classes, a file does not. */
async function checkClasses(option: string, place: string, classes: readonly string[]): Promise<void> {
  const record = await findRunRecord(place);
  if (!record || record.classes.join() === classes.join()) return;
  throw new LadError(
    "CHECKPOINT_MISMATCH",
    `${option} ${place} knows the classes ${record.classes.join(", ")}, the data set has ${classes.join(", ")}`,
  );
}
