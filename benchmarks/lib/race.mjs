import { median } from "./median.mjs";

/** Repetitions up to this long are led in by one that does not count. */
const shortMs = 3000;

/**
 * Lets contestants run in turn, so that whatever changes on the machine meets all of them alike.
 * `run` answers with the milliseconds of one repetition. Where repetitions are short, each turn is two of which the second counts: the first
 * finds caches, clock and threads as the other side left them, which no steady run does.
 * @returns for each its median of `rounds`, after `warmUps` that do not count.
 */
export async function race(contestants, { rounds = 5, warmUps = 2 } = {}) {
  const times = contestants.map(() => []);
  let longest = 0;
  for (let round = -warmUps; round < rounds; round++) {
    const lead = round >= 0 && longest < shortMs;
    for (const [index, contestant] of contestants.entries()) {
      if (lead) await contestant.call("run");
      const milliseconds = await contestant.call("run");
      if (round < 0) longest = Math.max(longest, milliseconds);
      else times[index].push(milliseconds);
    }
  }
  return times.map(median);
}
