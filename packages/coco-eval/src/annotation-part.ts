import type { CocoAnnotations, CocoImages, CocoIouType } from "./coco-types";
import { imageSizes } from "./image-sizes";
import { keypointColumn } from "./keypoint-column";
import { maskColumn } from "./mask-column";
import { numberColumn } from "./number-column";
import { numbersField } from "./numbers-field";
import { MISSING, missingKey, READ, type RecordSink, recordSink } from "./record-sink";
import { segmentationField } from "./segmentation-field";
import { storeSegmentation } from "./store-segmentation";

const who = "readGroundTruth: annotations";

/** Gathers the annotations of a file; masks and keypoints only for the evaluation that compares them. */
export function annotationPart(
  iouType: CocoIouType,
  images: CocoImages,
): { readonly sink: RecordSink; finish(): CocoAnnotations } {
  const extra = iouType === "segm" ? maskPart(images) : iouType === "keypoints" ? keypointPart() : undefined;
  const keys = { id: 1, image_id: 1, category_id: 1, area: 1, iscrowd: 1, bbox: 4 };
  const [ids, imageIds, categoryIds, areas] = [numberColumn(), numberColumn(), numberColumn(), numberColumn()];
  const [crowds, boxes] = [numberColumn(), numberColumn()];
  const sink = recordSink(who, { ...keys, ...extra?.fields }, (values, states, index) => {
    for (let field = 0; field < 3; field++) {
      if (states[field] !== MISSING) continue;
      const hint = "every annotation must have id, image_id and category_id";
      throw missingKey(`${who}[${index}]`, Object.keys(keys)[field]!, hint);
    }
    ids.push(values[0]!);
    imageIds.push(values[1]!);
    categoryIds.push(values[2]!);
    areas.push(states[3] === MISSING ? Number.NaN : values[3]!);
    crowds.push(states[4] === MISSING ? 255 : Number(values[4] !== 0));
    for (let side = 0; side < 4; side++) boxes.push(states[5] === READ ? values[5 + side]! : Number.NaN);
    extra?.push(values, states);
  });
  const finish = () => ({
    ids: ids.finish(),
    imageIds: imageIds.finish(),
    categoryIds: categoryIds.finish(),
    boxes: boxes.finish(),
    areas: areas.finish(),
    isCrowd: Uint8Array.from(crowds.finish()),
    ...extra?.finish(),
  });
  return { sink, finish };
}

function maskPart(images: CocoImages) {
  const segmentation = segmentationField();
  const masks = maskColumn();
  const sizeOf = imageSizes(images);
  return {
    fields: { segmentation },
    push: (values: Float64Array) => storeSegmentation(segmentation.value, masks, sizeOf, values[1]!),
    finish: () => ({ masks: masks.finish() }),
  };
}

function keypointPart() {
  const field = numbersField();
  const keypoints = keypointColumn();
  const counts = numberColumn();
  const countAt = 9; // behind the six keys that every evaluation reads, of which a box has four numbers
  return {
    fields: { num_keypoints: 1, keypoints: field },
    push: (values: Float64Array, states: Uint8Array) => {
      keypoints.push(field.numbers());
      counts.push(states[6] === READ ? values[countAt]! : -1);
    },
    finish: () => ({ keypoints: keypoints.finish(), keypointCounts: Int32Array.from(counts.finish()) }),
  };
}
