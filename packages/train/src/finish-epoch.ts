import { LadError } from "@lad/core";
import type { Metrics } from "@lad/tensor";
import type { Run } from "./run-directory";
import type { Loop } from "./train-options";
import type { Standing } from "./training-state";

/** At the end of an epoch: checkpoint, validation, choice of the best. Elsewhere nothing; what was done already is not done again. */
export async function finishEpoch(
  { batches, epochs, validate, checkpointEvery, log }: Loop,
  run: Run,
  standing: Standing,
): Promise<Standing> {
  const { iteration } = standing;
  if (iteration === 0 || iteration % batches.iterationsPerEpoch !== 0) return standing;
  const epoch = iteration / batches.iterationsPerEpoch;
  const isDue = (every: number) => epoch % every === 0 || epoch === epochs;
  if (isDue(checkpointEvery.epochs ?? 1)) await run.checkpoint(standing, epoch);
  if (!validate || standing.validatedEpoch >= epoch || !isDue(validate.every)) return standing;
  const startedMs = performance.now();
  const metrics = await validate.run();
  const validated = judged(standing, { epoch, metrics, metric: validate.best });
  const best = validated.best?.epoch === epoch;
  const record = { iteration, epoch, metrics, best, timeMs: performance.now() - startedMs };
  await run.validation(record);
  log({ kind: "validation", ...record });
  if (best) await run.best(validated);
  await run.checkpoint(validated); // last: after a kill before it, this validation runs again
  return validated;
}

type Judged = { readonly epoch: number; readonly metrics: Metrics; readonly metric: string };

/** A metric that is not a number is never the best; of equal ones the first stays. */
function judged(standing: Standing, { epoch, metrics, metric }: Judged): Standing {
  const value = metrics[metric];
  if (value === undefined) {
    throw new LadError(
      "INVALID_ARGUMENT",
      `train: validation gave no metric ${metric} to choose the best checkpoint by, only ${Object.keys(metrics).join(", ")}`,
    );
  }
  const better = Number.isFinite(value) && !(standing.best && standing.best.value >= value);
  return { ...standing, validatedEpoch: epoch, ...(better && { best: { metric, value, epoch } }) };
}
