import type { CandidateGroups } from "./group-candidates";

/**
 * The pool of one ground truth: the `topk` cheapest of its candidates on each level, sorted by cost; equal costs by level, then anchor.
 * @param buffer room for levels · topk positions. @returns positions in the image's list of candidates.
 */
export function candidatePool(
  gt: number,
  { levels, order, starts }: CandidateGroups,
  costs: ArrayLike<number>,
  topk: number,
  buffer: Int32Array = new Int32Array(levels * topk),
): Int32Array {
  let size = 0;
  for (let group = gt * levels; group < (gt + 1) * levels; group++) {
    const first = size;
    for (let at = starts[group]!; at < starts[group + 1]!; at++) {
      const position = order[at]!;
      if (size - first === topk) {
        if (!(costs[position]! < costs[buffer[size - 1]!]!)) continue;
        size--;
      }
      insert(buffer, first, size++, position, costs);
    }
  }
  for (let at = 1; at < size; at++) insert(buffer, 0, at, buffer[at]!, costs);
  return buffer.slice(0, size);
}

/** Puts `position` into `buffer[first..end - 1]`, sorted by cost, behind its equals. */
function insert(buffer: Int32Array, first: number, end: number, position: number, costs: ArrayLike<number>): void {
  const cost = costs[position]!;
  let at = end;
  for (; at > first && costs[buffer[at - 1]!]! > cost; at--) buffer[at] = buffer[at - 1]!;
  buffer[at] = position;
}
