// What a step of a method costs beside its parts: soft labels, LAD, SoLAD and LD against the student's own step plus the teacher's forward pass, CoLAD against
// the two networks' own steps. All of it is ours, in one process; every round runs each piece once, in turn, and sums are taken in a round.
import { startOurs } from "../lib/contestants.mjs";
import { median } from "../lib/median.mjs";

const taught = { parts: ["student", "forward"], peerName: "student's step + teacher's forward" };
const ldTaught = { ...taught, parts: ["ldStudent", "ldForward"] };
const comparisons = {
  kd: taught,
  lad: taught,
  solad: taught,
  ld: ldTaught,
  ldFull: ldTaught,
  colad: { parts: ["student", "teacher"], peerName: "both networks' own steps" },
};
/** The setting of the BCCD recipes. */
const setting = "r18-r34/320x256-b8";
const input = { batch: 8, height: 256, width: 320, classes: 3, gts: 14 };

export async function* run({ threads, rounds, wants }) {
  const cases = Object.entries(comparisons).filter(([method]) => wants(`${method}-${setting}`));
  for (const count of cases.length > 0 ? threads : []) {
    const times = await timesOf(count, rounds, piecesOf(cases));
    for (const [method, { parts, peerName }] of cases) {
      const sums = times[method].map((_, round) => parts.reduce((sum, part) => sum + times[part][round], 0));
      yield {
        case: `${method}-${setting}`,
        threads: count,
        unit: "ms",
        ours: median(times[method]),
        peer: median(sums),
        peerName,
        runs: rounds,
        parts: Object.fromEntries(parts.map((part) => [part, median(times[part])])),
      };
    }
  }
}

/** What is timed for these cases, each piece once. */
function piecesOf(cases) {
  return [...new Set(cases.flatMap(([method, { parts }]) => [...parts, method]))];
}

/** Milliseconds of every piece in every round, after one that warms up. */
async function timesOf(threads, rounds, pieces) {
  const ours = await startOurs("method-step", { threads });
  const times = Object.fromEntries(pieces.map((piece) => [piece, []]));
  try {
    await ours.call("prepare", { input });
    for (let round = -1; round < rounds; round++) {
      for (const piece of pieces) {
        const milliseconds = await ours.call("run", { piece });
        if (round >= 0) times[piece].push(milliseconds);
      }
    }
    return times;
  } finally {
    await ours.close();
  }
}
