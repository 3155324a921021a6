import { type ChooseCostsOptions, chooseCosts } from "@lad/assigners";
import { type Assignment, LadError } from "@lad/core";
import type { CostAssigned, Detector, Losses, Method, ParamGroup } from "@lad/tensor";
import { type AnyTerm, forward, mergedLosses, positivesOf, termRunner } from "./term-runner";

export type ColadOptions<Features, Out> = ChooseCostsOptions & {
  /** Further lessons for the first network; they may not assign or drop. */
  readonly terms?: readonly AnyTerm<Features, Out>[];
};

type Assigning<Features, Out> = Detector<Features, Out> & CostAssigned<Out>;

/**
 * Cooperative label assignment (CoLAD, arXiv 2108.10520 §3.4): both networks train, and for every ground truth (and level) the one whose costs
 * are more telling assigns. One assignment teaches both, boxes not weighed by IoU; the second network's losses end in `_t`. Both must share
 * their anchors. `student` is the first network, `teacher` the second. Follows ccdet's CoLAD.
 * @throws {LadError} INVALID_ARGUMENT if a term assigns or drops.
 */
export function colad<F1, O1, F2, O2>(
  first: Assigning<F1, O1>,
  second: Assigning<F2, O2>,
  groups: readonly ParamGroup[],
  { terms = [], ...choice }: ColadOptions<F1, O1> = {},
): Method {
  const wrong = terms.find((term) => term.assign || term.base === "drop");
  if (wrong)
    throw new LadError(
      "INVALID_ARGUMENT",
      `colad: term ${wrong.name} assigns labels or drops the loss, which CoLAD itself decides`,
    );
  const runner = termRunner(terms);
  return {
    name: ["colad", ...terms.map((term) => term.name)].join("+"),
    networks: { student: first, teacher: second, ...runner.networks(2) },
    groups,
    async step(tape, batch, at) {
      const one = tape.run(() => forward(first, batch, "train"));
      const two = tape.run(() => forward(second, batch, "train"));
      const pre = first.preAssign(one.out, batch);
      const chosen = chooseCosts(pre, await first.costs(one.out, pre), await second.costs(two.out, pre), choice);
      const targets: Assignment = { ...first.separate(pre, chosen.costs), boxWeighting: "none" };
      const context = runner.context(tape, batch, at, one);
      const prepared = await runner.prepare(context, targets);
      const losses = tape.run(() =>
        mergedLosses([
          first.loss(one.out, targets, batch),
          suffixed(second.loss(two.out, targets, batch)),
          ...runner.losses(context, targets, prepared),
        ]),
      );
      return { losses, metrics: { positives: positivesOf(targets), ...chosen.metrics, ...runner.metrics(prepared) } };
    },
  };
}

function suffixed(losses: Losses): Losses {
  return Object.fromEntries(Object.entries(losses).map(([name, loss]) => [`${name}_t`, loss]));
}
