/** How far a peer's first loss may be off, relative: batch statistics of two images amplify rounding. */
const tolerance = 2e-3;

/**
 * Has every contestant build the same case: ours first, it writes weights and input to `argument.file`.
 * @returns the loss of the first step, and the peers that are ready: one that cannot run the case is left out with a line in the log.
 * @throws if a peer's first loss is another one: then it does not do the same.
 */
export async function prepareAlike(ours, peers, argument, log) {
  const loss = await ours.call("prepare", argument);
  const ready = [];
  for (const peer of peers) {
    let theirs;
    try {
      theirs = await peer.call("prepare", argument);
    } catch (error) {
      log(`${peer.name} left out: ${error.message.trim().split("\n").at(-1)}`);
      continue;
    }
    if (!(Math.abs(theirs - loss) <= tolerance * Math.abs(loss)))
      throw new Error(`bench: with the same weights our first loss is ${loss}, that of ${peer.name} is ${theirs}`);
    ready.push(peer);
  }
  return { loss, ready };
}
