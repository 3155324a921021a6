import { type Detections, LadError } from "@lad/core";
import type { Dataset } from "./dataset";

/**
 * Detections as the text of a COCO result file: image_id (the picture's COCO number, else its id), category_id, bbox [x, y, width, height], score.
 * Every number is written so that it reads back bit for bit: x and score as they are, width = x2 - x1 in double precision, so that x + width gives x2 again.
 * @param results pairs of a picture's id and its detections, in px of the original picture
 * @throws {LadError} INVALID_DATA: an id that is not in the data set, twice in the results, or a label without a class. NON_FINITE. SHAPE_MISMATCH.
 */
export function toCocoResults(
  dataset: Pick<Dataset, "categoryIds" | "images">,
  results: Iterable<readonly [id: string, detections: Detections]>,
): string {
  const ids = new Map(dataset.images.map((image) => [image.id, image.cocoId ?? image.id]));
  const seen = new Set<string>();
  const entries: string[] = [];
  for (const [id, detections] of results) {
    const imageId = ids.get(id);
    if (imageId === undefined)
      throw new LadError("INVALID_DATA", `toCocoResults: image "${id}" is not in the data set`);
    if (seen.has(id)) throw new LadError("INVALID_DATA", `toCocoResults: image "${id}" is there twice`);
    seen.add(id);
    checkDetections(id, detections);
    detections.labels.forEach((label, index) => {
      const categoryId = dataset.categoryIds[label];
      if (categoryId === undefined) {
        const count = dataset.categoryIds.length;
        throw new LadError(
          "INVALID_DATA",
          `toCocoResults: image "${id}": label ${label}, but there are ${count} classes`,
        );
      }
      entries.push(entry(JSON.stringify(imageId), categoryId, detections, index));
    });
  }
  return entries.length > 0 ? `[\n${entries.join(",\n")}\n]\n` : "[]\n";
}

function entry(imageId: string, categoryId: number, { boxes, scores }: Detections, index: number): string {
  const [x1, y1, x2, y2] = boxes.data.subarray(index * 4, index * 4 + 4) as unknown as [number, number, number, number];
  const bbox = [x1, y1, x2 - x1, y2 - y1].map(numberText).join(",");
  return `{"image_id":${imageId},"category_id":${categoryId},"bbox":[${bbox}],"score":${numberText(scores[index]!)}}`;
}

/** The shortest text that reads back as the same double; JSON.stringify would lose the sign of -0. */
function numberText(value: number): string {
  return Object.is(value, -0) ? "-0" : String(value);
}

function checkDetections(id: string, { boxes, scores, labels }: Detections): void {
  if (boxes.data.length !== labels.length * 4 || scores.length !== labels.length) {
    throw new LadError(
      "SHAPE_MISMATCH",
      `toCocoResults: image "${id}" has boxes [${boxes.shape}], ${scores.length} scores and ${labels.length} labels; their counts must be equal`,
    );
  }
  if (!boxes.data.every(Number.isFinite) || !scores.every(Number.isFinite)) {
    throw new LadError("NON_FINITE", `toCocoResults: image "${id}" has boxes or scores that are not finite`);
  }
}
