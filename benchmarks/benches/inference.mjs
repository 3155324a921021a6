// From images to detections, suppression and score voting included: ours against torch.
import { compare } from "../lib/compare.mjs";

const cases = [
  {
    name: "paa-r50/800x1088",
    argument: {
      network: { kind: "paa", depth: 50 },
      input: { batch: 1, height: 800, width: 1088, classes: 80, gts: 10 },
      classBias: -6.4,
    },
  },
];

function differ(ours, theirs) {
  const same = (a, b, tolerance) => a.every((value, index) => Math.abs(value - b[index]) <= tolerance);
  return same(ours.detections, theirs.detections, 2) && same(ours.best, theirs.best, 1e-4)
    ? undefined
    : `${JSON.stringify(ours)} against ${JSON.stringify(theirs)}`;
}

export function run(context) {
  const variants = ["contiguous", "channels_last"];
  const beside = context.compile ? ["compiled"] : [];
  return compare("inference", { cases, variants, beside, showsEngines: true, shared: true, differ }, context);
}
