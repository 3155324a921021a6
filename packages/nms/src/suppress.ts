import { checkInput, checkRange, type ScoredBoxes } from "./check-input";
import { keptGrid, type Penalty } from "./kept-grid";
import { orderByScore } from "./order-by-score";

/** Options that every kind of suppression has. */
export type NmsOptions = {
  /** A box is dropped if its overlap with a better kept one is strictly greater, in [0, 1]. */
  readonly iouThreshold?: number;
  /** Most boxes to keep; all by default. */
  readonly limit?: number;
};

export type SuppressOptions = Required<NmsOptions> & {
  /** Taken off the IoU before it is compared. */
  readonly penalty?: Penalty;
  /** Boxes that take part of each class, best first. */
  readonly perClass?: number;
  /** Whether boxes that were dropped suppress others too. */
  readonly droppedSuppress?: boolean;
  /** Whether boxes without area are dropped. */
  readonly dropEmpty?: boolean;
};

/**
 * The one loop of all suppression that keeps or drops: boxes in descending score, each dropped if a better one of its class overlaps too much.
 * @returns indices of the kept boxes in descending score; equal scores by lower index.
 */
export function suppress(where: string, input: ScoredBoxes, options: SuppressOptions): Int32Array {
  const { iouThreshold, limit, perClass = Number.POSITIVE_INFINITY, droppedSuppress = false, dropEmpty } = options;
  const count = checkInput(where, input);
  checkRange(where, "iouThreshold", iouThreshold, 0, 1);
  checkRange(where, "limit", limit, 0);
  const { labels } = input;
  const boxes = input.boxes.data;
  const order = orderByScore(input.scores);
  const classes = labels ? labels.reduce((most, label) => Math.max(most, label), 0) + 1 : 1;
  const grid = keptGrid({ boxes, classes, iouThreshold, ...(options.penalty && { penalty: options.penalty }) });
  const taken = new Int32Array(classes);
  const kept = new Int32Array(Math.min(count, Math.floor(limit)));
  let found = 0;
  for (let rank = 0; rank < count && found < kept.length; rank++) {
    const index = order[rank]!;
    const label = labels ? labels[index]! : 0;
    if (dropEmpty && !hasArea(boxes, index * 4)) continue;
    if (taken[label]!++ >= perClass) continue;
    const dropped = grid.meets(index * 4, label);
    if (!dropped || droppedSuppress) grid.add(index * 4, label);
    if (!dropped) kept[found++] = index;
  }
  return kept.slice(0, found);
}

function hasArea(boxes: Float32Array, at: number): boolean {
  return boxes[at + 2]! > boxes[at]! && boxes[at + 3]! > boxes[at + 1]!;
}
