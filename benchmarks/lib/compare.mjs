import { rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { startEngines, startOurs, startPeers } from "./contestants.mjs";
import { prepareAlike } from "./prepare-alike.mjs";
import { sideBySide } from "./side-by-side.mjs";

/**
 * The usual bench: for every thread count, processes of both sides that stay for all cases. Each case `{ name, argument }` is prepared on both
 * sides (`prepare(argument)`, with a `file` that ours writes and peers read if it is `shared`) and raced. Our other engines that `context.engines`
 * names, if the bench `showsEngines`, run beside.
 * @param variants of the peer, the fastest counts. @param beside variants that are reported only.
 * @param differ says in words how a peer's answer to `prepare` differs from ours, or nothing.
 * @yields results as run.mjs wants them, with our answer to `prepare` as notes.
 */
export async function* compare(bench, options, context) {
  const cases = options.cases.filter(({ name }) => context.wants(name));
  for (const threads of cases.length > 0 ? context.threads : [])
    yield* compareCases(bench, { ...options, cases }, { ...context, threads });
}

async function* compareCases(
  bench,
  { cases, variants, beside = [], showsEngines = false, shared = false, differ },
  { threads, rounds, engines, log },
) {
  const file = join(tmpdir(), `lad-bench-${process.pid}.safetensors`);
  const ours = await startOurs(bench, { threads });
  const peers = await startPeers(bench, variants, { threads, log });
  const others = peers.length > 0 ? await startPeers(bench, beside, { threads, log }) : [];
  const more = await startEngines(bench, showsEngines ? engines : [], { threads, log });
  try {
    for (const { name, argument } of cases) {
      const given = shared ? { ...argument, file } : argument;
      const { answer, ready } = await prepareAlike(ours, [...peers, ...others, ...more], {
        argument: given,
        differ,
        log,
      });
      const of = (contestants) => contestants.filter((contestant) => ready.includes(contestant));
      yield {
        ...answer,
        case: name,
        threads,
        ...(await sideBySide({ rounds, ours, peers: of(peers), beside: of([...others, ...more]) })),
      };
    }
  } finally {
    for (const contestant of [ours, ...peers, ...others, ...more]) await contestant.close();
    rmSync(file, { force: true });
  }
}
