/**
 * Turns `length` counts from index `start` on into the positions after each run, in 32-bit unsigned numbers as COCO has them.
 * Returns whether the mask is plain: no run but the first is of length 0, and all positions are below 2^31.
 */
export function sumRuns(runs: Uint32Array, start: number, length: number): boolean {
  if (length === 0) return true;
  let position = runs[start]! | 0;
  let isPlain = position >= 0;
  for (let i = start + 1; i < start + length; i++) {
    const next = (position + runs[i]!) | 0; // signed: positions from 2^31 on are negative
    if (next <= position) isPlain = false;
    runs[i] = next;
    position = next;
  }
  return isPlain;
}
