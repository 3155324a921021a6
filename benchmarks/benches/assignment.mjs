// PAA's label assignment of one image of 800×1088, 18,134 anchors, 80 classes: ours against torch and scikit-learn.
// `separation` is pre-assignment, best candidates, mixtures and separation with the costs given; `costs` are those.
import { compare } from "../lib/compare.mjs";

const cases = [20, 100].flatMap((gts) =>
  ["separation", "costs"].map((part) => ({
    name: `${part}/${gts}-gts`,
    argument: { part, input: { batch: 1, height: 800, width: 1088, classes: 80, gts } },
  })),
);

/** The costs come from different arithmetic, so a candidate on the edge may fall to the other side. */
function differ(ours, theirs) {
  const same = ours.candidates === theirs.candidates && Math.abs(ours.positives - theirs.positives) <= 2;
  return same ? undefined : `${JSON.stringify(ours)} against ${JSON.stringify(theirs)}`;
}

export const run = (context) =>
  compare("assignment", { cases, variants: ["contiguous"], shared: true, differ }, context);
