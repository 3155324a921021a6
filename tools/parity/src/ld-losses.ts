import type { Assignment } from "@lad/core";
import { ndArray } from "@lad/core";
import type { DenseOut } from "@lad/detectors";
import type { Forward, Losses, Tape, TermContext } from "@lad/tensor";
import type * as tf from "@tensorflow/tfjs-core";
import type { MmConfig } from "./build-mm";
import { scalar } from "./layout";
import type { GflReplay } from "./run-gfl";
import { exact, lossTolerance } from "./tolerance";

export type LdStep = GflReplay & {
  readonly tape: Tape;
  readonly own: Forward<tf.Tensor4D[], DenseOut>;
  readonly taught: Forward<tf.Tensor4D[], DenseOut> | undefined;
  readonly targets: Assignment;
};

/** Entries of the reference's losses that it multiplies by 0: nothing of ours stands for them. */
export const nothing = /loss_kd_neg$/;

/** What the case calls a loss of ours: the first snapshot of the LD repository calls its box term `loss_kd`. */
export function lossName(name: string, { model }: MmConfig): string {
  return name === "loss_ld" && model.bbox_head.loss_dfl.type === "KDDistributionFocalLoss" ? "loss_kd" : name;
}

export function termContext({
  own,
  taught,
  batch,
}: Pick<LdStep, "own" | "taught" | "batch">): TermContext<tf.Tensor4D[], DenseOut> {
  const at = { iteration: 0, epoch: 0, iterations: 1, epochs: 1 };
  return { batch, at, student: own, of: () => taught as never };
}

/** Compares the student's own losses and those of every term, `loss.*`; returns them all. */
export async function compareLdLosses(step: LdStep): Promise<Losses> {
  const { golden, report, student, terms, tape, own, targets, batch } = step;
  const losses: Record<string, Losses[string]> = { ...tape.run(() => student.loss(own.out, targets, batch)) };
  const context = termContext(step);
  for (const term of Object.values(terms)) {
    const prepared = await term.prepare?.(context, targets);
    Object.assign(
      losses,
      tape.run(() => term.loss!(context, targets, prepared as never)),
    );
  }
  let total = 0;
  for (const [name, loss] of Object.entries(losses)) {
    const value = loss.dataSync()[0]!;
    total += value;
    report.compare("losses", `loss.${lossName(name, golden.config)}`, scalar(value), lossTolerance);
  }
  report.compare("losses", "loss.total", scalar(total), lossTolerance);
  for (const name of golden.names().filter((entry) => nothing.test(entry))) {
    const { shape, data } = golden.take(name);
    report.compare("losses", name, ndArray(new Float32Array(data.length), shape), exact);
  }
  return losses;
}
