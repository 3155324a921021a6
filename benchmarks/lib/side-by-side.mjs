import { race } from "./race.mjs";

/**
 * Measures one case: ours against the peers that are there; the fastest peer counts, the times of all are in `times`. Contestants named in
 * `beside` (torch.compile) are reported there only.
 * @returns a result as run.mjs wants it, in ms.
 */
export async function sideBySide({ case: name, threads, rounds, ours, peers = [], beside = [], ...notes }) {
  const [own, ...others] = await race([ours, ...peers, ...beside], { rounds });
  const all = [...peers, ...beside].map((contestant, index) => [contestant.name, others[index]]);
  const [peerName, peer] = all.slice(0, peers.length).sort((a, b) => a[1] - b[1])[0] ?? [null, null];
  const times = Object.fromEntries(all);
  return { case: name, threads, unit: "ms", ours: own, peer, peerName, runs: rounds, times, ...notes };
}
