// A whole training step, batch 2: ours against the same network in plain torch modules, with the same weights and input.
import { compare } from "../lib/compare.mjs";
import { trainStepCases } from "../lib/train-step-cases.mjs";

/** How far first losses may be apart, relative: batch statistics of two images amplify rounding. */
const tolerance = 2e-3;

function differ({ loss }, theirs) {
  return Math.abs(theirs.loss - loss) <= tolerance * Math.abs(loss)
    ? undefined
    : `the first losses are ${loss} and ${theirs.loss}`;
}

export function run(context) {
  const variants = ["contiguous", "channels_last"];
  const beside = context.compile ? ["compiled"] : [];
  return compare(
    "train-step",
    { cases: trainStepCases(context.detector), variants, beside, showsEngines: true, shared: true, differ },
    context,
  );
}
