// Single convolutions in three directions, batch 2: ours against torch's two layouts.
import { startOurs, startPeers } from "../lib/contestants.mjs";
import { convCases } from "../lib/conv-cases.mjs";
import { geometricMean } from "../lib/geometric-mean.mjs";
import { sideBySide } from "../lib/side-by-side.mjs";

export async function* run(context) {
  const cases = convCases.filter(({ name }) => context.wants(name));
  for (const threads of cases.length > 0 ? context.threads : []) yield* measure(cases, { ...context, threads });
}

async function* measure(cases, { threads, rounds, log }) {
  const ours = await startOurs("conv", { threads });
  const peers = await startPeers("conv", ["contiguous", "channels_last"], { threads, log });
  const ratios = { dense: [], other: [] };
  for (const { name, dense, direction, shape } of cases) {
    for (const contestant of [ours, ...peers]) await contestant.call("prepare", { direction, shape });
    const result = await sideBySide({ case: name, threads, rounds, ours, peers });
    if (result.peer !== null) ratios[dense ? "dense" : "other"].push(result.ours / result.peer);
    yield result;
  }
  for (const contestant of [ours, ...peers]) await contestant.close();
  for (const [kind, values] of Object.entries(ratios))
    if (values.length > 0)
      log(
        `conv, ${threads} threads: ${values.length} ${kind} cases, geometric mean ratio ${geometricMean(values).toFixed(3)}`,
      );
}
