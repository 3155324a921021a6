import { areaAt } from "@lad/boxes";
import { type Assignment, LadError, type NdArray } from "@lad/core";
import { BACKGROUND } from "./assign-max-iou";
import { centre } from "./atss-candidates";
import { checkAnchors, checkBatch, type GroundTruths } from "./check-batch";
import { matchedAssignment } from "./matched-assignment";

export type AssignFcosOptions = {
  /** Number of classes; also the background label. */
  readonly classes: number;
  /** px per cell of each level, fine to coarse. */
  readonly strides: readonly number[];
  /** Per level the least and the largest distance to a side that it is for, px, both included. */
  readonly ranges?: readonly (readonly [least: number, largest: number])[];
  /** Half side, in strides, of the square about a ground truth's centre that points must lie in (centre sampling); Infinity: anywhere inside. */
  readonly radius?: number;
};

const { max, min } = Math;

/** Five levels from stride 8 on, as published. */
const publishedRanges: readonly (readonly [number, number])[] = [
  [-1, 64],
  [64, 128],
  [128, 256],
  [256, 512],
  [512, 1e8],
];

/**
 * FCOS' assignment (arXiv 1904.01355 §3.2): a point learns the smallest of the ground truths it lies in (near the centre of, with centre sampling) whose
 * largest distance to a side is in its level's range; equal areas: the first. All points take part, those in an image's padding too.
 * @param anchors [A, 4] xyxy px, all levels; the points are their centres. @param levelSizes points of each level.
 * @throws {LadError} SHAPE_MISMATCH, INVALID_ARGUMENT.
 * Follows mmdet 2.10 `FCOSHead.get_targets`.
 */
export function assignFcos(
  anchors: NdArray,
  levelSizes: readonly number[],
  batch: GroundTruths,
  { classes, strides, ranges = publishedRanges, radius = 1.5 }: AssignFcosOptions,
): Assignment {
  checkAnchors(anchors, levelSizes, "assignFcos");
  checkBatch(batch, classes, "assignFcos");
  if (strides.length !== levelSizes.length || ranges.length !== levelSizes.length) {
    throw new LadError(
      "INVALID_ARGUMENT",
      `assignFcos: ${levelSizes.length} levels, got ${strides.length} strides and ${ranges.length} ranges`,
    );
  }
  const levels = levelSizes.map((size, level) => ({ size, reach: radius * strides[level]!, range: ranges[level]! }));
  const matched = batch.boxes.map((boxes) => matchPoints(anchors.data, boxes.data, levels));
  return matchedAssignment(matched, batch, classes);
}

type Level = { readonly size: number; readonly reach: number; readonly range: readonly [number, number] };

function matchPoints(anchors: Float32Array, boxes: Float32Array, levels: readonly Level[]): Int32Array {
  const matched = new Int32Array(anchors.length / 4).fill(BACKGROUND);
  const gts = Array.from({ length: boxes.length / 4 }, (_, gt) => ({ at: gt * 4, area: areaAt(boxes, gt * 4) }));
  let point = 0;
  for (const { size, reach, range } of levels) {
    for (const end = point + size; point < end; point++) {
      const x = centre(anchors[point * 4]!, anchors[point * 4 + 2]!);
      const y = centre(anchors[point * 4 + 1]!, anchors[point * 4 + 3]!);
      let smallest = Number.POSITIVE_INFINITY;
      gts.forEach(({ at, area }, gt) => {
        if (!(area < smallest) || !takes(x, y, boxes, at, reach, range)) return;
        smallest = area;
        matched[point] = gt;
      });
    }
  }
  return matched;
}

/** Does a ground truth take the point: inside, near enough to its centre, of a size for the level? */
function takes(
  x: number,
  y: number,
  boxes: Float32Array,
  at: number,
  reach: number,
  [least, largest]: readonly [number, number],
): boolean {
  const [x1, y1, x2, y2] = [boxes[at]!, boxes[at + 1]!, boxes[at + 2]!, boxes[at + 3]!];
  const [middleX, middleY] = [centre(x1, x2), centre(y1, y2)];
  const inside =
    x > max(x1, middleX - reach) &&
    x < min(x2, middleX + reach) &&
    y > max(y1, middleY - reach) &&
    y < min(y2, middleY + reach);
  const distance = max(x - x1, y - y1, x2 - x, y2 - y);
  return inside && distance >= least && distance <= largest;
}
