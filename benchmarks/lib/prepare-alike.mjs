/**
 * Has every contestant build the same case: ours first, since it may write what the peers read.
 * @returns our answer, and the peers that are ready: one that cannot run the case is left out with a line in the log.
 * @throws if `differ(ours, theirs)` finds that a peer does not do the same.
 */
export async function prepareAlike(ours, peers, { argument, differ = () => undefined, log }) {
  const answer = await ours.call("prepare", argument);
  const ready = [];
  for (const peer of peers) {
    let theirs;
    try {
      theirs = await peer.call("prepare", argument);
    } catch (error) {
      log(`${peer.name} left out: ${error.message.trim().split("\n").at(-1)}`);
      continue;
    }
    const difference = differ(answer, theirs);
    if (difference) throw new Error(`bench: ours and ${peer.name} do not do the same: ${difference}`);
    ready.push(peer);
  }
  return { answer, ready };
}
