import type { Random } from "@lad/core";

const extremes = [0, 1, 0x7f, 0x80, 0xff];

/** A copy with one to six changes, most of them near the beginning or the end, where formats keep their tables. */
export function mutate(file: Uint8Array, random: Random): Uint8Array {
  let bytes = Buffer.from(file);
  const below = (limit: number) => random.integer(limit);
  for (let left = 1 + below(6); left > 0 && bytes.length > 0; left--) {
    const at = placeIn(bytes.length, below);
    const kind = below(8);
    if (kind === 0) bytes = bytes.subarray(0, at);
    else if (kind === 1) bytes = Buffer.concat([bytes.subarray(0, at), bytes.subarray(at + 1 + below(16))]);
    else if (kind === 2) bytes = Buffer.concat([bytes.subarray(0, at), bytes.subarray(Math.max(0, at - below(32)))]);
    else bytes[at] = kind < 5 ? extremes[below(extremes.length)]! : below(256);
  }
  return Uint8Array.from(bytes);
}

function placeIn(length: number, below: (limit: number) => number): number {
  const near = Math.min(length, 2048);
  const end = below(3);
  if (end === 0) return below(near);
  return end === 1 ? length - 1 - below(near) : below(length);
}
