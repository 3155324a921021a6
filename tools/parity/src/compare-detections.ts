import { type Detections, type NdArray, ndArray, type TypedArray } from "@lad/core";
import type { GoldenCase } from "./golden-case";
import { largestOf } from "./layout";
import type { Report } from "./report";

export type DetectionTolerance = {
  /** px */
  readonly boxes: number;
  readonly scores: number;
};

/** Scores closer than this may swap places. */
const tie = 2e-5;

/** Compares detections with `<prefix>.boxes|scores|labels.<image>`: the same ones, in the same order except among near ties. */
export function compareDetections(
  golden: GoldenCase,
  report: Report,
  prefix: string,
  all: readonly Detections[],
  { boxes: boxTolerance, scores: scoreTolerance }: DetectionTolerance,
): void {
  all.forEach((detections, image) => {
    const of = (what: string) => golden.take(`${prefix}.${what}.${image}`);
    const expected = { boxes: of("boxes"), scores: of("scores"), labels: of("labels") };
    const order = matching(detections, expected);
    if (typeof order === "string") {
      report.fail(prefix, `image ${image}: ${order}`);
      return;
    }
    const boxes = Float32Array.from(order.flatMap((row) => [...detections.boxes.data.subarray(row * 4, row * 4 + 4)]));
    const tolerance = (absolute: number) => ({ relative: 0, ofLargest: absolute, floor: 1 });
    const largest = Math.max(1, largestOf(expected.boxes.data));
    report.compareValues(
      prefix,
      `boxes.${image}`,
      ndArray(boxes, [order.length, 4]),
      expected.boxes,
      tolerance(boxTolerance / largest),
    );
    const scores = Float32Array.from(order, (row) => detections.scores[row]!);
    report.compareValues(
      prefix,
      `scores.${image}`,
      ndArray(scores, [order.length]),
      expected.scores,
      tolerance(scoreTolerance),
    );
  });
}

type Expected = {
  readonly boxes: NdArray<TypedArray>;
  readonly scores: NdArray<TypedArray>;
  readonly labels: NdArray<TypedArray>;
};

/** For every expected detection the row of ours that it is, or what is wrong. */
function matching(actual: Detections, expected: Expected): number[] | string {
  const count = expected.scores.data.length;
  if (actual.scores.length !== count) return `${actual.scores.length} detections, expected ${count}`;
  const free = new Set(Array.from({ length: count }, (_, row) => row));
  const order: number[] = [];
  for (let row = 0; row < count; row++) {
    const candidates = [...free].filter(
      (other) =>
        actual.labels[other] === expected.labels.data[row] &&
        (other === row || Math.abs(expected.scores.data[row]! - expected.scores.data[other]!) < tie),
    );
    const distance = (other: number) =>
      [0, 1, 2, 3].reduce(
        (sum, k) => sum + Math.abs(actual.boxes.data[other * 4 + k]! - expected.boxes.data[row * 4 + k]!),
        0,
      );
    const best = candidates.sort((a, b) => distance(a) - distance(b))[0];
    if (best === undefined) {
      return `detection ${row} is of class ${actual.labels[row]} (score ${actual.scores[row]}), expected ${expected.labels.data[row]} (${expected.scores.data[row]})`;
    }
    free.delete(best);
    order.push(best);
  }
  return order;
}
