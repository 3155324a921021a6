import { LadError } from "@lad/core";
import type { CocoAnnotations, CocoIouType } from "./coco-types";
import { usableMask } from "./store-segmentation";

const needed = {
  iscrowd: "0 or 1",
  area: "a finite number of px^2",
  bbox: "four finite numbers, xywh px",
  segmentation: usableMask,
  num_keypoints: "how many keypoints are labelled",
};

/** @throws {LadError} INVALID_DATA, by pycocotools' name, if an annotation that is evaluated lacks something. */
export function checkAnnotation(annotations: CocoAnnotations, row: number, iouType: CocoIouType): void {
  const key = missingKey(annotations, row, iouType);
  if (key === undefined) return;
  const hint = `pycocotools fails with KeyError '${key}' when it is missing; add it to the annotation file`;
  const what = `needs "${key}" (${needed[key]})`;
  throw new LadError("INVALID_DATA", `evaluateCoco: annotation id ${annotations.ids[row]} ${what}; ${hint}`);
}

function missingKey(
  { boxes, areas, isCrowd, masks, keypointCounts }: CocoAnnotations,
  row: number,
  iouType: CocoIouType,
): keyof typeof needed | undefined {
  if (isCrowd[row]! > 1) return "iscrowd";
  if (!Number.isFinite(areas[row])) return "area";
  if (iouType === "segm") return masks && masks.sizes[2 * row]! < 0 ? "segmentation" : undefined;
  if (iouType === "keypoints") return keypointCounts && keypointCounts[row]! < 0 ? "num_keypoints" : undefined;
  const at = 4 * row;
  return Number.isFinite(boxes[at]! + boxes[at + 1]! + boxes[at + 2]! + boxes[at + 3]!) ? undefined : "bbox";
}
