// Suppression of 5,000 and 20,000 boxes, and of 10,000 in 80 classes, against torchvision; and the two votings on 1,000 candidates in
// 80 classes, suppression included, each against plain suppression of the same candidates.
import { compare } from "../lib/compare.mjs";
import { startOurs } from "../lib/contestants.mjs";
import { sideBySide } from "../lib/side-by-side.mjs";

const suppression = [
  { name: "hard/5000", argument: { part: "hard", objects: 250, perObject: 20, classes: 1 } },
  { name: "hard/20000", argument: { part: "hard", objects: 1000, perObject: 20, classes: 1 } },
  { name: "hard/20000-apart", argument: { part: "hard", objects: 20000, perObject: 1, classes: 1 } },
  { name: "classwise/10000-80-classes", argument: { part: "classwise", objects: 500, perObject: 20, classes: 80 } },
];
const candidates = { objects: 100, perObject: 10, classes: 80 };
const voting = ["score-voting", "cluster-diou-voting"].map((part) => ({ name: `${part}/1000-80-classes`, part }));

export async function* run(context) {
  const differ = (ours, theirs) =>
    JSON.stringify(ours) === JSON.stringify(theirs)
      ? undefined
      : `${JSON.stringify(ours)} against ${JSON.stringify(theirs)}`;
  yield* compare("nms", { cases: suppression, variants: ["cpu"], shared: true, differ }, context);
  const wanted = voting.filter(({ name }) => context.wants(name));
  for (const threads of wanted.length > 0 ? context.threads : []) yield* besidePlain(wanted, { ...context, threads });
}

/** Voting is not in torchvision: what it adds to plain suppression is what can be compared. */
async function* besidePlain(cases, { threads, rounds }) {
  const ours = await startOurs("nms", { threads });
  const plain = { ...(await startOurs("nms", { threads })), name: "plain suppression, ours" };
  try {
    await plain.call("prepare", { part: "classwise", ...candidates });
    for (const { name, part } of cases) {
      const answer = await ours.call("prepare", { part, ...candidates });
      yield { ...answer, case: name, threads, ...(await sideBySide({ rounds, ours, peers: [plain], beside: [] })) };
    }
  } finally {
    await ours.close();
    await plain.close();
  }
}
