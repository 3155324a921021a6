import type { Assignment, Progress } from "@lad/core";
import { LadError } from "@lad/core";
import type {
  AnyDetector,
  Batch,
  Detector,
  Forward,
  Losses,
  Metrics,
  Mode,
  Network,
  Tape,
  Term,
  TermContext,
} from "@lad/tensor";

// biome-ignore lint/suspicious/noExplicitAny: every term prepares something of its own
export type AnyTerm<Features, Out> = Term<Features, Out, any>;

/** What methods that take terms do with them, once a step each. */
export type TermRunner<Features, Out> = {
  /** Networks of the terms, and their teachers: `teacher`, `teacher2`, …, the first number free being given. */
  networks(first: number): Readonly<Record<string, Network>>;
  /** Runs the teachers (mode `eval`, no gradient), each once however many terms name it. */
  context(tape: Tape, batch: Batch, at: Progress, student: Forward<Features, Out>): TermContext<Features, Out>;
  prepare(context: TermContext<Features, Out>, targets: Assignment | undefined): Promise<unknown[]>;
  losses(context: TermContext<Features, Out>, targets: Assignment | undefined, prepared: readonly unknown[]): Losses[];
  metrics(prepared: readonly unknown[]): Metrics;
};

export function termRunner<Features, Out>(terms: readonly AnyTerm<Features, Out>[]): TermRunner<Features, Out> {
  const teachers = [...new Set(terms.flatMap((term) => term.teachers))];
  return {
    networks: (first) => ({
      ...Object.assign({}, ...terms.map((term) => term.networks)),
      ...Object.fromEntries(
        teachers.map((teacher, index) => [`teacher${index + first > 1 ? index + first : ""}`, teacher]),
      ),
    }),
    context(tape, batch, at, student) {
      const forwards = new Map<AnyDetector, Forward<unknown, unknown>>();
      for (const teacher of teachers)
        forwards.set(
          teacher,
          tape.noGrad(() => forward(teacher, batch, "eval")),
        );
      return { batch, at, student, of: (teacher) => forwards.get(teacher) as never };
    },
    prepare: (context, targets) => Promise.all(terms.map((term) => term.prepare?.(context, targets))),
    losses: (context, targets, prepared) =>
      terms.map((term, index) => term.loss?.(context, targets, prepared[index]) ?? {}),
    metrics: (prepared) => Object.assign({}, ...terms.map((term, index) => term.metrics?.(prepared[index]))),
  };
}

/** A detector's whole forward pass. */
export function forward<Features, Out, Targets>(
  detector: Detector<Features, Out, Targets>,
  { images }: Batch,
  mode: Mode,
): Forward<Features, Out> {
  const features = detector.features(images, mode);
  return { features, out: detector.predict(features) };
}

/** @throws {LadError} INVALID_ARGUMENT if two losses have one name. */
export function mergedLosses(all: readonly Losses[]): Losses {
  const merged: Record<string, Losses[string]> = {};
  for (const losses of all) {
    for (const [name, value] of Object.entries(losses)) {
      if (name in merged) throw new LadError("INVALID_ARGUMENT", `distill: two losses are named ${name}`);
      merged[name] = value;
    }
  }
  return merged;
}

export function positivesOf({ numPositives }: Assignment): number {
  return numPositives.reduce((sum, count) => sum + count, 0);
}
