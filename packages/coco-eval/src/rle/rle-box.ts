import { measureRuns } from "./measure-runs";
import type { Rle } from "./rle-types";
import { sumRuns } from "./sum-runs";

/** The smallest box around the mask, xywh px; zeros if it is empty. As in COCO, runs of length 0 inside are looked at too. */
export function rleBox({ size, counts }: Rle): [x: number, y: number, width: number, height: number] {
  const ends = Uint32Array.from(counts);
  const [start, length] = [0, ends.length];
  const isPlain = sumRuns(ends, start, length);
  const box = new Float64Array(4);
  measureRuns({ ends, start, length, isPlain }, size, box, 0);
  return [...box] as ReturnType<typeof rleBox>;
}
