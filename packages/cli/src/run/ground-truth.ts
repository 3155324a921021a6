import { readFile } from "node:fs/promises";
import { type CocoDetections, type CocoGroundTruth, readGroundTruth } from "@lad/coco-eval";
import type { Detections } from "@lad/core";
import type { Dataset, OpenedDataset } from "@lad/data";

/** A data set's annotation file if it is COCO's: it is judged by as it is, with the areas of its masks. */
export async function groundTruthOf(dataset: OpenedDataset): Promise<CocoGroundTruth> {
  const { source } = dataset;
  return source.kind === "coco" ? readGroundTruth(await readFile(source.file)) : groundTruthOfDataset(dataset);
}

/** COCO's id of an image, or its position where the data set has no such numbers. */
const imageIds = ({ images }: Dataset) => images.map(({ cocoId }, index) => cocoId ?? index);

/** A data set without COCO file as ground truth: areas are those of the boxes, difficult objects need not be found. */
export function groundTruthOfDataset(dataset: Dataset): CocoGroundTruth {
  const ids = imageIds(dataset);
  const rows = dataset.images.flatMap(({ boxes, labels, difficult }, image) =>
    Array.from(labels, (label, index) => {
      const [x1, y1, x2, y2] = boxes.data.subarray(index * 4, index * 4 + 4) as unknown as [
        number,
        number,
        number,
        number,
      ];
      return {
        image: ids[image]!,
        category: dataset.categoryIds[label]!,
        box: [x1, y1, x2 - x1, y2 - y1],
        crowd: difficult?.[index] ?? 0,
      };
    }),
  );
  return {
    images: { ids: Float64Array.from(ids) },
    categories: { ids: Float64Array.from(dataset.categoryIds), names: dataset.classes },
    annotations: {
      ids: Float64Array.from(rows, (_, index) => index + 1),
      imageIds: Float64Array.from(rows, ({ image }) => image),
      categoryIds: Float64Array.from(rows, ({ category }) => category),
      boxes: Float64Array.from(rows.flatMap(({ box }) => box)),
      areas: Float64Array.from(rows, ({ box }) => box[2]! * box[3]!),
      isCrowd: Uint8Array.from(rows, ({ crowd }) => crowd),
    },
  };
}

/** Detections by image as COCO's evaluation takes them. */
export function cocoDetections(dataset: Dataset, results: ReadonlyMap<string, Detections>): CocoDetections {
  const ids = imageIds(dataset);
  const rows = dataset.images.flatMap(({ id }, image) => {
    const found = results.get(id);
    return found ? Array.from(found.scores, (score, index) => ({ image: ids[image]!, found, score, index })) : [];
  });
  return {
    imageIds: Float64Array.from(rows, ({ image }) => image),
    categoryIds: Float64Array.from(rows, ({ found, index }) => dataset.categoryIds[found.labels[index]!]!),
    boxes: Float64Array.from(
      rows.flatMap(({ found: { boxes }, index }) => {
        const [x1, y1, x2, y2] = boxes.data.subarray(index * 4, index * 4 + 4) as unknown as [
          number,
          number,
          number,
          number,
        ];
        return [x1, y1, x2 - x1, y2 - y1];
      }),
    ),
    scores: Float64Array.from(rows, ({ score }) => score),
  };
}
