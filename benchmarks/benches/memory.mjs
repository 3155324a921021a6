// Peak resident memory of a process that does nothing but the training steps of one case: ours against torch.
import { startEngines, startOurs, startPeers } from "../lib/contestants.mjs";
import { trainStepCases } from "../lib/train-step-cases.mjs";

const steps = 5;

export async function* run({ threads, detector, engines, wants, log }) {
  const cases = trainStepCases(detector).filter(({ name }) => wants(name));
  for (const count of threads) {
    for (const { name, argument } of cases) {
      const ours = await peakOf(await startOurs("train-step", { threads: count }), argument);
      const peaks = [];
      for (const variant of ["contiguous", "channels_last"])
        for (const peer of await startPeers("train-step", [variant], { threads: count, log }))
          peaks.push([peer.name, await peakOf(peer, argument)]);
      const beside = {};
      for (const engine of engines)
        for (const other of await startEngines("train-step", [engine], { threads: count, log }))
          beside[engine] = await peakOf(other, argument);
      const [peerName, peer] = peaks.sort((a, b) => a[1] - b[1])[0] ?? [null, null];
      yield {
        case: name,
        threads: count,
        unit: "MiB",
        ours,
        peer,
        peerName,
        runs: steps,
        peaks: { ...Object.fromEntries(peaks), ...beside },
      };
    }
  }
}

/** Weights and input are each side's own: reading the other's would be part of the peak. */
async function peakOf(contestant, argument) {
  try {
    await contestant.call("prepare", argument);
    for (let step = 1; step < steps; step++) await contestant.call("run");
    return await contestant.call("peak");
  } finally {
    await contestant.close();
  }
}
