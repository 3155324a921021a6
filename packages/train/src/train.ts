import { finishEpoch } from "./finish-epoch";
import { gradientAccumulator } from "./gradient-accumulator";
import { openRunDirectory, type Run, silentRun } from "./run-directory";
import { type TimedBatch, timedBatches } from "./timed-batches";
import type { IterationRecord } from "./train-events";
import { checkOptions, type Loop, progressAt, type TrainOptions, type TrainResult } from "./train-options";
import { trainingStep } from "./training-step";

/**
 * Trains: per iteration one batch, one `method.step`, one backward pass, the optimisers (DESIGN §5). With `out`, a run can be killed at any
 * moment and resumed with bit-identical weights: `checkpoints/last.state.safetensors` holds everything of one iteration and is replaced whole.
 * @throws {LadError} NON_FINITE if a loss is NaN or infinite (the last checkpoint is kept), IO if something cannot be written,
 *   CHECKPOINT_MISMATCH if the run to resume was another one, INVALID_ARGUMENT, INVALID_DATA if an epoch is shorter than announced.
 */
export async function train({
  method,
  batches,
  epochs,
  out,
  resume = false,
  validate,
  checkpointEvery = {},
  keep = 0,
  accumulate = 1,
  seed = 0,
  log = () => {},
  signal,
}: TrainOptions): Promise<TrainResult> {
  const loop: Loop = { method, batches, epochs, validate, checkpointEvery, log };
  checkOptions(loop, { out, resume, keep });
  const { iterationsPerEpoch } = batches;
  const accumulator = gradientAccumulator(method.groups, accumulate);
  const owner = { method, accumulator, fixed: { seed, iterationsPerEpoch, accumulate } };
  let run: Run | undefined;
  try {
    run = out === undefined ? silentRun() : await openRunDirectory(out, { owner, resume, keep, log });
    let last: IterationRecord | undefined;
    let standing = await finishEpoch(loop, run, run.start); // its validation may be due
    while (standing.iteration < epochs * iterationsPerEpoch && !signal?.aborted) {
      const at = progressAt(loop, standing.iteration);
      for await (const timed of timedBatches(batches, at.epoch, standing.iteration % iterationsPerEpoch)) {
        last = await iterate(loop, timed, standing.iteration, accumulator);
        standing = { ...standing, iteration: last.iteration };
        await run.iteration(last);
        log({ kind: "iteration", ...last });
        if (standing.iteration % (checkpointEvery.iterations ?? Infinity) === 0) await run.checkpoint(standing);
        if (signal?.aborted) break;
      }
      standing = await finishEpoch(loop, run, standing);
    }
    await run.checkpoint(standing);
    const { iteration, epoch } = progressAt(loop, standing.iteration);
    const finished = iteration >= epochs * iterationsPerEpoch;
    return { iteration, epoch, finished, ...(last && { last }), ...(standing.best && { best: standing.best }) };
  } finally {
    accumulator.dispose();
    await run?.close();
  }
}

async function iterate(
  loop: Loop,
  { batch, startedMs, dataWaitMs }: TimedBatch,
  iteration: number,
  accumulator: ReturnType<typeof gradientAccumulator>,
): Promise<IterationRecord> {
  const { method } = loop;
  const at = progressAt(loop, iteration);
  const { losses, total, metrics } = await trainingStep({ method, batch, at, accumulator });
  const rates = method.groups.map(({ optimizer }) => optimizer.learningRate(at));
  return {
    iteration: iteration + 1,
    epoch: at.epoch + 1,
    losses,
    total,
    learningRate: rates[0]!,
    ...(rates.length > 1 && { learningRates: rates }),
    metrics,
    timeMs: performance.now() - startedMs,
    dataWaitMs,
  };
}
