import { join } from "node:path";

/** Where everything of a run directory lies. `config.json` and `report/` beside these are the caller's. */
export type RunFiles = {
  /** A line an iteration. */
  readonly metrics: string;
  /** A line a validation. */
  readonly validation: string;
  readonly checkpoints: string;
  /** Everything that a resume needs, of one iteration. */
  readonly state: string;
  /** The student's weights at the last checkpoint, under plain names. */
  readonly last: string;
  /** The student's weights when its validation was best. */
  readonly best: string;
  /** The student's weights after so many epochs. */
  epoch(epochs: number): string;
};

/** The files of a run directory. */
export function runFiles(directory: string): RunFiles {
  const checkpoints = join(directory, "checkpoints");
  return {
    metrics: join(directory, "metrics.jsonl"),
    validation: join(directory, "validation.jsonl"),
    checkpoints,
    state: join(checkpoints, "last.state.safetensors"),
    last: join(checkpoints, "last.safetensors"),
    best: join(checkpoints, "best.safetensors"),
    epoch: (epochs) => join(checkpoints, `epoch_${epochs}.safetensors`),
  };
}
