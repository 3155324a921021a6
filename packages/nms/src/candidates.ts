import { countBoxes } from "@lad/boxes";
import { type Detections, LadError, type NdArray } from "@lad/core";
import { gatherBoxes } from "./gather-detections";

/** Every (box, class) pair above a score threshold, in the order of the boxes, classes inside. */
export type Candidates = Detections & {
  /** Row of `boxes` that each came from. */
  readonly sources: Int32Array;
};

/**
 * Makes a candidate of every (box, class) pair with score > `scoreThreshold` (both in float32, strict).
 * @param boxes [N, 4] xyxy, px. @param scores [N, C]. N may be 0.
 * @throws {LadError} SHAPE_MISMATCH.
 */
export function selectCandidates(boxes: NdArray, scores: NdArray, scoreThreshold: number): Candidates {
  const count = countBoxes(boxes, "selectCandidates");
  const [rows, classes] = scores.shape;
  if (scores.shape.length !== 2 || rows !== count || classes === undefined) {
    throw new LadError(
      "SHAPE_MISMATCH",
      `selectCandidates: boxes [${boxes.shape}] need scores [${count}, C], got [${scores.shape}]`,
    );
  }
  const threshold = Math.fround(scoreThreshold);
  let total = 0;
  for (let at = 0; at < scores.data.length; at++) if (scores.data[at]! > threshold) total++;
  const pairs = new Int32Array(total);
  for (let at = 0, pair = 0; pair < total; at++) if (scores.data[at]! > threshold) pairs[pair++] = at;
  const sources = pairs.map((at) => Math.floor(at / classes));
  return {
    boxes: gatherBoxes(boxes, sources),
    scores: Float32Array.from(pairs, (at) => scores.data[at]!),
    labels: pairs.map((at) => at % classes),
    sources,
  };
}
