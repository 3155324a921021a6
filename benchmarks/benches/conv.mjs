// Single convolutions in three directions, batch 2: ours against torch's two layouts.
import { compare } from "../lib/compare.mjs";
import { convCases, isDense } from "../lib/conv-cases.mjs";
import { geometricMean } from "../lib/geometric-mean.mjs";

export async function* run(context) {
  const kinds = new Map();
  for await (const result of compare(
    "conv",
    { cases: convCases, variants: ["contiguous", "channels_last"], showsEngines: true },
    context,
  )) {
    if (result.peer !== null) {
      const kind = `${isDense(result.shape) ? "dense" : "other"} cases, ${result.threads} threads`;
      kinds.set(kind, [...(kinds.get(kind) ?? []), result.ours / result.peer]);
    }
    yield result;
  }
  for (const [kind, ratios] of kinds)
    context.log(`conv: ${ratios.length} ${kind}: geometric mean ratio ${geometricMean(ratios).toFixed(3)}`);
}
