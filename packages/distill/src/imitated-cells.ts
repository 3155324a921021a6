import type { Assignment } from "@lad/core";
import type { DetectorGrid } from "./detector-grid";
import { positivesAt } from "./level-rows";

/** Per level, the cells to imitate: image · H·W + cell. */
export type ImitatedCells = readonly Int32Array[];

/**
 * The cells of chosen anchors, each once; none on a level without positives.
 * @param rows per level, image · (H·W·A) + anchor
 */
export function imitatedCells(
  rows: readonly Int32Array[],
  { anchorsPerCell, levelSizes }: Pick<DetectorGrid, "anchorsPerCell" | "levelSizes">,
  targets: Assignment | undefined,
): ImitatedCells {
  const kept = targets ? onLevelsWithPositives(rows, levelSizes, targets) : rows;
  return kept.map((ofLevel) => uniqueCells(ofLevel, anchorsPerCell));
}

function onLevelsWithPositives(
  rows: readonly Int32Array[],
  levelSizes: readonly number[],
  targets: Assignment,
): readonly Int32Array[] {
  const anchors = levelSizes.reduce((sum, size) => sum + size, 0);
  const positives = positivesAt(targets).map((row) => row % anchors);
  let end = 0;
  return rows.map((ofLevel, level) => {
    const start = end;
    end += levelSizes[level]!;
    return positives.some((anchor) => anchor >= start && anchor < end) ? ofLevel : new Int32Array(0);
  });
}

function uniqueCells(rows: Int32Array, anchorsPerCell: number): Int32Array {
  if (anchorsPerCell === 1) return rows;
  return Int32Array.from(new Set(rows.map((row) => Math.floor(row / anchorsPerCell))));
}
