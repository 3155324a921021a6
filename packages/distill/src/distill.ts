import { type Assignment, LadError } from "@lad/core";
import type {
  AnyDetector,
  Batch,
  Detector,
  Forward,
  Losses,
  Method,
  Mode,
  ParamGroup,
  Term,
  TermContext,
} from "@lad/tensor";

// biome-ignore lint/suspicious/noExplicitAny: every term prepares something of its own
type AnyTerm<Features, Out> = Term<Features, Out, any>;

/**
 * One student taught by terms: its own ground-truth loss (unless a term drops it) plus the losses of all terms. No term at all is plain
 * training. Every teacher's forward runs once a step, in mode `eval` and without gradient, and is shared by the terms that name it.
 * @throws {LadError} INVALID_ARGUMENT if two terms assign labels, or one assigns them for a loss that another drops.
 */
export function distill<Features, Out>(
  student: Detector<Features, Out>,
  terms: readonly AnyTerm<Features, Out>[],
  groups: readonly ParamGroup[],
): Method {
  const { assigning, dropped } = checkedTerms(terms);
  const teachers = [...new Set(terms.flatMap((term) => term.teachers))];
  return {
    name: terms.map((term) => term.name).join("+") || student.name,
    networks: {
      student,
      ...Object.fromEntries(teachers.map((teacher, index) => [index ? `teacher${index + 1}` : "teacher", teacher])),
    },
    groups,
    async step(tape, batch, at) {
      const forwards = new Map<AnyDetector, Forward<unknown, unknown>>();
      for (const teacher of teachers)
        forwards.set(
          teacher,
          tape.noGrad(() => forward(teacher, batch, "eval")),
        );
      const own = tape.run(() => forward(student, batch, "train"));
      const context: TermContext<Features, Out> = {
        batch,
        at,
        student: own,
        of: (teacher) => forwards.get(teacher) as never,
      };
      const targets = dropped
        ? undefined
        : await (assigning?.assign ?? (() => student.assign(own.out, batch)))(context);
      const prepared = await Promise.all(terms.map((term) => term.prepare?.(context, targets)));
      const losses = tape.run(() =>
        mergedLosses([
          targets && student.loss(own.out, targets, batch),
          ...terms.map((term, index) => term.loss?.(context, targets, prepared[index])),
        ]),
      );
      const told = terms.map((term, index) => term.metrics?.(prepared[index]));
      return { losses, metrics: Object.assign(targets ? { positives: positivesOf(targets) } : {}, ...told) };
    },
  };
}

function checkedTerms<T extends AnyTerm<never, never>>(
  terms: readonly T[],
): { assigning: T | undefined; dropped: boolean } {
  const assigning = terms.filter((term) => term.assign);
  const dropping = terms.find((term) => term.base === "drop");
  if (assigning.length > 1) {
    throw new LadError(
      "INVALID_ARGUMENT",
      `distill: at most one term may assign labels, got ${assigning.map((term) => term.name).join(" and ")}`,
    );
  }
  if (dropping && assigning[0]) {
    throw new LadError(
      "INVALID_ARGUMENT",
      `distill: term ${assigning[0].name} assigns labels for the student's own loss, which term ${dropping.name} drops; give ${dropping.name} base: "keep"`,
    );
  }
  return { assigning: assigning[0], dropped: dropping !== undefined };
}

function forward<Features, Out, Targets>(
  detector: Detector<Features, Out, Targets>,
  batch: Batch,
  mode: Mode,
): Forward<Features, Out> {
  const features = detector.features(batch.images, mode);
  return { features, out: detector.predict(features) };
}

function mergedLosses(all: readonly (Losses | undefined)[]): Losses {
  const merged: Record<string, Losses[string]> = {};
  for (const losses of all) {
    for (const [name, value] of Object.entries(losses ?? {})) {
      if (name in merged) throw new LadError("INVALID_ARGUMENT", `distill: two losses are named ${name}`);
      merged[name] = value;
    }
  }
  return merged;
}

function positivesOf({ numPositives }: Assignment): number {
  return numPositives.reduce((sum, count) => sum + count, 0);
}
