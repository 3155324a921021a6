// COCO evaluation from files to the printed numbers, reading included, on a problem of val2017's size, boxes and masks: time and peak memory
// against pycocotools. Every repetition is a process of its own, as evaluations are run; with more threads ours is set against ours on one.
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { drawDetections, drawGroundTruth } from "../lib/coco-scene.mjs";
import { startOurs, startPeers } from "../lib/contestants.mjs";
import { median } from "../lib/median.mjs";
import { writeJsonList } from "../lib/write-json-list.mjs";

const val2017 = { seed: 1, classes: 80, annotationsPerImage: 7.34, crowdShare: 0.012 };
const cases = [
  { name: "bbox/5000-images", iouType: "bbox", images: 5000, perImage: 100 },
  { name: "segm/500-images", iouType: "segm", images: 500, perImage: 100 },
  { name: "segm/5000-images", iouType: "segm", images: 5000, perImage: 100 },
];

/** A peer that took this long, ms, is not run again: its time varies less than its length. */
const longMs = 20_000;

export async function* run({ threads, rounds, wants, log }) {
  const folder = mkdtempSync(join(tmpdir(), "lad-bench-coco-"));
  try {
    for (const { name, iouType, images, perImage } of cases.filter((each) => wants(each.name))) {
      const problem = writeProblem(folder, { masks: iouType === "segm", images, perImage });
      const ours = (count) => measure(() => startOurs("coco-eval", { threads: count }), { ...problem.files, iouType });
      const theirs = await startedPeer(log);
      const turns = await takeTurns({
        threads,
        rounds,
        ours,
        theirs: theirs && (() => measure(theirs.start, { ...problem.files, iouType })),
      });
      for (const count of threads)
        yield { ...problem.counts, case: name, ...resultOf(count, turns, theirs?.name), runs: rounds };
    }
  } finally {
    rmSync(folder, { recursive: true });
  }
}

function writeProblem(folder, { masks, images, perImage }) {
  const files = { groundTruth: join(folder, "gt.json"), detections: join(folder, "dt.json") };
  const truth = drawGroundTruth({ ...val2017, images, masks });
  writeFileSync(files.groundTruth, JSON.stringify(truth));
  writeJsonList(files.detections, drawDetections(truth, { seed: 2, perImage, masks }));
  return { files, counts: { annotations: truth.annotations.length, detections: images * perImage } };
}

/** How to start a fresh peer, if it is installed. */
async function startedPeer(log) {
  const start = async () => (await startPeers("coco-eval", ["files"], { threads: 1, log }))[0];
  const peer = await start();
  await peer?.close();
  return peer && { name: peer.name.replace(" files", ""), start };
}

async function measure(start, argument) {
  const contestant = await start();
  try {
    return await contestant.call("evaluate", argument);
  } finally {
    await contestant.close();
  }
}

/** Measurements of both sides in turn: ours by threads, theirs. All must print the same numbers. */
async function takeTurns({ threads, rounds, ours, theirs }) {
  const byThreads = new Map([...new Set([1, ...threads])].map((count) => [count, []]));
  const peer = [];
  for (let round = 0; round < rounds; round++) {
    for (const [count, measured] of byThreads) measured.push(await ours(count));
    if (theirs && (peer[0]?.ms ?? 0) < longMs) peer.push(await theirs());
  }
  const [first, ...others] = [...byThreads.values(), peer].flat().map(({ stats }) => JSON.stringify(stats));
  const other = others.find((stats) => stats !== first);
  if (other !== undefined) throw new Error(`coco-eval: the numbers differ: ${first} and ${other}`);
  return { byThreads, peer };
}

function resultOf(threads, { byThreads, peer }, peerName) {
  const ms = (measured) => median(measured.map((each) => each.ms));
  const peak = (measured) => Math.max(...measured.map((each) => each.peak));
  const against =
    threads === 1 ? { name: peerName, measured: peer } : { name: "ours, one thread", measured: byThreads.get(1) };
  const isThere = against.measured.length > 0;
  const own = byThreads.get(threads);
  return {
    threads,
    unit: "ms",
    ours: ms(own),
    peer: isThere ? ms(against.measured) : null,
    peerName: isThere ? against.name : null,
    peaksMiB: { ours: peak(own), ...(isThere && { peer: peak(against.measured) }) },
    AP: own[0].stats[0],
  };
}
