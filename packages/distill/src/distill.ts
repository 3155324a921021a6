import { LadError } from "@lad/core";
import type { Detector, Method, ParamGroup } from "@lad/tensor";
import { type AnyTerm, forward, mergedLosses, positivesOf, termRunner } from "./term-runner";

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
  const runner = termRunner(terms);
  return {
    name: terms.map((term) => term.name).join("+") || student.name,
    networks: { student, ...runner.networks(1) },
    groups,
    async step(tape, batch, at) {
      const own = tape.run(() => forward(student, batch, "train"));
      const context = runner.context(tape, batch, at, own);
      const assign = assigning?.assign ?? (() => student.assign(own.out, batch));
      const targets = dropped ? undefined : await assign(context);
      const prepared = await runner.prepare(context, targets);
      const losses = tape.run(() => {
        const ground = targets ? student.loss(own.out, targets, batch) : {};
        return mergedLosses([ground, ...runner.losses(context, targets, prepared)]);
      });
      return { losses, metrics: { ...(targets && { positives: positivesOf(targets) }), ...runner.metrics(prepared) } };
    },
  };
}

function checkedTerms<T extends AnyTerm<never, never>>(
  terms: readonly T[],
): { assigning: T | undefined; dropped: boolean } {
  const assigning = terms.filter((term) => term.assign);
  const dropping = terms.find((term) => term.base === "drop");
  if (assigning.length > 1) {
    const names = assigning.map((term) => term.name).join(" and ");
    throw new LadError("INVALID_ARGUMENT", `distill: at most one term may assign labels, got ${names}`);
  }
  if (dropping && assigning[0]) {
    throw new LadError(
      "INVALID_ARGUMENT",
      `distill: term ${assigning[0].name} assigns labels for the student's own loss, which term ${dropping.name} drops; give ${dropping.name} base: "keep"`,
    );
  }
  return { assigning: assigning[0], dropped: dropping !== undefined };
}
