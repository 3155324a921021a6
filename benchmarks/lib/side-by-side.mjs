import { race } from "./race.mjs";

/**
 * Races ours against the peers that are there; the fastest peer counts, the times of all are in `times`. Contestants `beside` (torch.compile)
 * are reported there only.
 * @returns the measured part of a result as run.mjs wants it, in ms.
 */
export async function sideBySide({ rounds, ours, peers, beside }) {
  const [own, ...others] = await race([ours, ...peers, ...beside], { rounds });
  const all = [...peers, ...beside].map((contestant, index) => [contestant.name, others[index]]);
  const [peerName, peer] = all.slice(0, peers.length).sort((a, b) => a[1] - b[1])[0] ?? [null, null];
  return { unit: "ms", ours: own, peer, peerName, runs: rounds, times: Object.fromEntries(all) };
}
