import type { Metrics } from "@lad/tensor";

/** A line of `metrics.jsonl`. Numbers that are not finite are written as null. */
export type IterationRecord = {
  /** Iterations done, this one included. */
  readonly iteration: number;
  /** The epoch it belongs to, from 1. */
  readonly epoch: number;
  readonly losses: Readonly<Record<string, number>>;
  /** Plain sum of the losses. */
  readonly total: number;
  /** Of the first group. */
  readonly learningRate: number;
  /** Of every group, if there are several. */
  readonly learningRates?: readonly number[];
  readonly metrics: Metrics;
  /** Wall time of the iteration, waiting included. */
  readonly timeMs: number;
  /** Of that, waiting for the batch. */
  readonly dataWaitMs: number;
};

/** A line of `validation.jsonl`. */
export type ValidationRecord = {
  readonly iteration: number;
  /** Epochs done. */
  readonly epoch: number;
  readonly metrics: Metrics;
  /** Whether `best.safetensors` is now of this epoch. */
  readonly best: boolean;
  readonly timeMs: number;
};

export type TrainEvent =
  | ({ readonly kind: "iteration" } & IterationRecord)
  | ({ readonly kind: "validation" } & ValidationRecord)
  | { readonly kind: "checkpoint" | "resumed"; readonly iteration: number; readonly file: string };
