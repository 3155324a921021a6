import type { CocoDetections, CocoGroundTruth } from "@lad/coco-eval";
import type { TideDiagnosis } from "@lad/coco-eval/tide";
import { boxOf } from "../draw/marks";
import { type ImageCost, imageCosts } from "./image-costs";

/** An annotation or detection to be drawn on its image; boxes xywh, px. */
export type DrawnBox = {
  readonly box: readonly [x: number, y: number, width: number, height: number];
  /** What became of it. */
  readonly what: string;
  readonly label: string;
  readonly score?: number;
};

export type WorstImage = ImageCost & {
  /** Objects, and detections from score 0.1 on, best last. */
  readonly boxes: readonly DrawnBox[];
};

const drawnFrom = 0.1;

/** The `count` images that cost most, worst first; those without errors are left out. */
export function worstImages(
  truth: CocoGroundTruth,
  detections: CocoDetections,
  diagnosis: TideDiagnosis,
  count: number,
): WorstImage[] {
  const { annotations, categories } = truth;
  const { outcomes, ignored } = diagnosis.detections;
  const names = new Map<number, string>();
  categories.ids.forEach((id, index) => {
    names.set(id, categories.names[index]!);
  });
  const drawn = (rows: CocoGroundTruth["annotations"] | CocoDetections, row: number, what: string): DrawnBox => {
    const category = rows.categoryIds[row]!;
    return { box: boxOf({ data: rows.boxes! }, row), what, label: names.get(category) ?? String(category) };
  };
  const worst = imageCosts(truth, detections, diagnosis).filter(({ cost }) => cost > 0);
  return worst.slice(0, count).map((image) => {
    const objects = rowsOf(annotations.imageIds, image.id);
    const found = rowsOf(detections.imageIds, image.id)
      .filter((row) => detections.scores[row]! >= drawnFrom && outcomes[row] !== "cut")
      .sort((a, b) => detections.scores[a]! - detections.scores[b]!);
    return {
      ...image,
      boxes: [
        ...objects.map((row) => drawn(annotations, row, diagnosis.annotations[row]!)),
        ...found.map((row) => ({
          ...drawn(detections, row, ignored[row] ? "ignored" : outcomes[row]!),
          score: detections.scores[row]!,
        })),
      ],
    };
  });
}

function rowsOf(ids: ArrayLike<number>, wanted: number): number[] {
  const rows: number[] = [];
  for (let row = 0; row < ids.length; row++) if (ids[row] === wanted) rows.push(row);
  return rows;
}
