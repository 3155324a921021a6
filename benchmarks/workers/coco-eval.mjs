// Our side of the bench coco-eval: files in, the printed numbers out, once in a fresh process.
import { evaluateCocoFiles } from "@lad/coco-eval/node";
import { peakRss } from "../lib/peak-rss.mjs";

let threads = 1;

export const start = (options) => {
  threads = options.threads;
};

/** @returns ms, the stats, and the largest resident memory, MiB. */
export async function evaluate({ groundTruth, detections, iouType }) {
  const begun = performance.now();
  const { stats } = await evaluateCocoFiles({ groundTruth, detections }, { iouType, threads });
  return { ms: performance.now() - begun, stats: [...stats], peak: peakRss() };
}
