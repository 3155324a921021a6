import { LadError, type Progress } from "@lad/core";
import type { Method, Metrics } from "@lad/tensor";
import type { TrainBatches } from "./timed-batches";
import type { IterationRecord, TrainEvent } from "./train-events";
import type { BestCheckpoint } from "./training-state";

export type Validation = {
  /** Epochs between two validations; the last epoch is always validated. */
  readonly every: number;
  run(): Promise<Metrics>;
  /** The metric, higher is better, by which `best.safetensors` is chosen. */
  readonly best: string;
};
export type TrainOptions = {
  readonly method: Method;
  readonly batches: TrainBatches;
  readonly epochs: number;
  /** Run directory; without it nothing is written. */
  readonly out?: string;
  /** Go on where the run in `out` left off, or begin if it has no checkpoint yet. */
  readonly resume?: boolean;
  readonly validate?: Validation;
  /** Epochs between two checkpoints (default 1), and iterations besides (default none). The end and an abort are always checkpointed. */
  readonly checkpointEvery?: { readonly iterations?: number; readonly epochs?: number };
  /** How many of the latest `epoch_N.safetensors` stay beside `last` and `best`; Infinity for all. */
  readonly keep?: number;
  /** Iterations whose gradients are averaged for one step of the optimisers. */
  readonly accumulate?: number;
  /** Recorded; a resume with another seed is refused. */
  readonly seed?: number;
  readonly log?: (event: TrainEvent) => void;
  /** Stops after the running iteration, with a checkpoint. */
  readonly signal?: AbortSignal;
};
export type TrainResult = {
  readonly iteration: number;
  /** Epochs completed. */
  readonly epoch: number;
  /** False if `signal` stopped it. */
  readonly finished: boolean;
  /** The last iteration of this call. */
  readonly last?: IterationRecord;
  readonly best?: BestCheckpoint;
};

/** What the parts of the loop share. */
export type Loop = Pick<TrainOptions, "method" | "batches" | "epochs"> & {
  readonly validate: Validation | undefined;
  readonly checkpointEvery: { readonly iterations?: number; readonly epochs?: number };
  readonly log: (event: TrainEvent) => void;
};

export function progressAt({ batches, epochs }: Loop, iteration: number): Progress {
  const { iterationsPerEpoch } = batches;
  return {
    iteration,
    epoch: Math.floor(iteration / iterationsPerEpoch),
    iterations: epochs * iterationsPerEpoch,
    epochs,
  };
}

/** @throws {LadError} INVALID_ARGUMENT naming the option. */
export function checkOptions(
  { method, batches, epochs, validate, checkpointEvery }: Loop,
  { out, resume, keep }: { out: string | undefined; resume: boolean; keep: number },
): void {
  const fail = (message: string): never => {
    throw new LadError("INVALID_ARGUMENT", `train: ${message}`);
  };
  const whole: Record<string, number> = {
    epochs,
    "batches.iterationsPerEpoch": batches.iterationsPerEpoch,
    ...(validate && { "validate.every": validate.every }),
    ...Object.fromEntries(Object.entries(checkpointEvery).map(([key, value]) => [`checkpointEvery.${key}`, value])),
  };
  for (const [name, value] of Object.entries(whole))
    if (!(Number.isSafeInteger(value) && value >= 1)) fail(`${name} must be a whole number ≥ 1, got ${value}`);
  if (!(keep >= 0)) fail(`keep must be ≥ 0, got ${keep}`);
  if (resume && out === undefined) fail("resume needs the run directory: set out");
  if (method.groups.length === 0) fail(`method ${method.name} has no parameter groups: nothing would be trained`);
  if (!method.networks.student)
    fail(`method ${method.name} needs a network named student, it has ${Object.keys(method.networks).join(", ")}`);
  for (const name of Object.keys(method.networks))
    if (/[./]/.test(name)) fail(`network names are prefixes in checkpoints and hold no dot or slash, got ${name}`);
}
