// A whole training step, batch 2: ours against the same network in plain torch modules, with the same weights and input.
import { rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { startOurs, startPeers } from "../lib/contestants.mjs";
import { prepareAlike } from "../lib/prepare-alike.mjs";
import { sideBySide } from "../lib/side-by-side.mjs";
import { trainStepCases } from "../lib/train-step-cases.mjs";

export async function* run(context) {
  const cases = trainStepCases(context.detector).filter(({ name }) => context.wants(name));
  for (const threads of cases.length > 0 ? context.threads : []) yield* measure(cases, { ...context, threads });
}

async function* measure(cases, { threads, rounds, compile, log }) {
  const file = join(tmpdir(), `lad-bench-${process.pid}.safetensors`);
  const ours = await startOurs("train-step", { threads });
  const peers = await startPeers("train-step", ["contiguous", "channels_last"], { threads, log });
  const compiled = compile && peers.length > 0 ? await startPeers("train-step", ["compiled"], { threads, log }) : [];
  try {
    for (const { name, network, input } of cases) {
      const { loss, ready } = await prepareAlike(ours, [...peers, ...compiled], { network, input, file }, log);
      const of = (contestants) => contestants.filter((contestant) => ready.includes(contestant));
      yield sideBySide({ case: name, threads, rounds, ours, peers: of(peers), beside: of(compiled), loss });
    }
  } finally {
    for (const contestant of [ours, ...peers, ...compiled]) await contestant.close();
    rmSync(file, { force: true });
  }
}
