import { median } from "./median.mjs";

/**
 * Lets contestants run in turn, so that whatever changes on the machine meets all of them alike.
 * `run` answers with the milliseconds of one repetition.
 * @returns for each its median of `rounds`, after `warmUps` that do not count.
 */
export async function race(contestants, { rounds = 5, warmUps = 2 } = {}) {
  const times = contestants.map(() => []);
  for (let round = -warmUps; round < rounds; round++) {
    for (const [index, contestant] of contestants.entries()) {
      const milliseconds = await contestant.call("run");
      if (round >= 0) times[index].push(milliseconds);
    }
  }
  return times.map(median);
}
