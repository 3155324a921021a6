import { LadError } from "@lad/core";
import type { CocoDetections, CocoImages, CocoIouType } from "./coco-types";
import { detectionGeometry } from "./detection-geometry";
import { imageSizes } from "./image-sizes";
import { keypointColumn } from "./keypoint-column";
import { maskColumn } from "./mask-column";
import { numberColumn } from "./number-column";
import { numbersField } from "./numbers-field";
import {
  EMPTY,
  type FieldReader,
  MISSING,
  missingKey,
  READ,
  type RecordSink,
  recordSink,
  wrongType,
} from "./record-sink";
import { segmentationField } from "./segmentation-field";
import { skipJsonValue } from "./skip-json-value";
import { storeSegmentation } from "./store-segmentation";

const who = "readDetections: detections";
/** Where boxes and areas come from. */
export type DetectionSource = "bbox" | "segmentation" | "keypoints";
const sources: readonly DetectionSource[] = ["bbox", "segmentation", "keypoints"];

/** Detections while they are read. */
export type DetectionPart = {
  readonly sink: RecordSink;
  /** Known from the first detection on. */
  source(): DetectionSource | undefined;
  finish(): CocoDetections & { readonly boxes: Float64Array };
};

/**
 * Gathers the detections of a file; masks and keypoints only if they are compared or boxes come from them. `given` says where
 * boxes come from if the first detection is read elsewhere.
 */
export function detectionPart(
  iouType: CocoIouType,
  images: CocoImages = { ids: new Float64Array(0) },
  given?: DetectionSource,
): DetectionPart {
  let source = given; // not known before the first record has been read
  const wanted = {
    masks: () => source === undefined || source === "segmentation" || iouType === "segm",
    keypoints: () => source === undefined || source === "keypoints" || iouType === "keypoints",
  };
  const [segmentation, keypointList] = [segmentationField(), numbersField()];
  const [imageIds, categoryIds, scores] = [numberColumn(), numberColumn(), numberColumn()];
  const [boxes, masks, keypoints] = [numberColumn(), maskColumn(), keypointColumn()];
  const sizeOf = imageSizes(images);
  const fields = {
    ...{ image_id: 1, category_id: 1, score: 1, bbox: 4 },
    segmentation: readIf(wanted.masks, segmentation),
    keypoints: readIf(wanted.keypoints, keypointList),
  };
  const sink = recordSink(who, fields, (values, states, index) => {
    const name = `${who}[${index}]`;
    checkNumbers(name, values, states);
    source ??= sourceOf(name, states);
    checkSource(name, source, states, segmentation.value.kind, keypointList.numbers());
    imageIds.push(values[0]!);
    categoryIds.push(values[1]!);
    scores.push(values[2]!);
    for (let side = 3; side < 7; side++) boxes.push(states[3] === READ ? values[side]! : Number.NaN);
    if (wanted.masks()) storeSegmentation(segmentation.value, masks, sizeOf(values[0]!));
    if (wanted.keypoints()) keypoints.push(keypointList.numbers());
  });
  const finish = () => {
    const parts = { masks: masks.finish(), keypoints: keypoints.finish() };
    const read = {
      imageIds: imageIds.finish(),
      categoryIds: categoryIds.finish(),
      scores: scores.finish(),
      ...(iouType === "segm" && { masks: parts.masks }),
      ...(iouType === "keypoints" && { keypoints: parts.keypoints }),
    };
    const own = boxes.finish();
    if (source === undefined || source === "bbox") return { ...read, boxes: own };
    const others = source === "segmentation" ? { masks: parts.masks } : { keypoints: parts.keypoints };
    const { boxes: around, areas } = detectionGeometry({ ...read, ...others }, "readDetections");
    return { ...read, boxes: own.map((value, i) => (Number.isNaN(value) ? around[i]! : value)), areas };
  };
  return { sink, source: () => source, finish };
}

/** Passes values over that nobody wants. */
function readIf(wanted: () => boolean, reader: FieldReader): FieldReader {
  return {
    clear: reader.clear,
    scan: (cursor) => (wanted() ? reader.scan(cursor) : skipJsonValue(cursor)),
    feed: (value) => {
      if (wanted()) reader.feed(value);
    },
  };
}

function checkNumbers(name: string, values: Float64Array, states: Uint8Array): void {
  for (const [field, key] of ["image_id", "category_id", "score"].entries()) {
    if (states[field] !== MISSING) continue;
    throw missingKey(name, key, "every detection must have image_id, category_id and score");
  }
  for (let i = 0; i < values.length; i++) {
    if (!Number.isFinite(values[i])) throw new LadError("NON_FINITE", `${name} holds a number that is not finite`);
  }
}

/** pycocotools asks the first detection: for a box, then a mask, then keypoints. An empty box is none. */
function sourceOf(name: string, states: Uint8Array): DetectionSource {
  const found = sources.find((_, i) => states[3 + i] === READ);
  if (found) return found;
  if (states[3] === EMPTY) throw wrongType(name, { key: "bbox", size: 4 });
  throw missingKey(name, "bbox", "a detection must have bbox, segmentation or keypoints");
}

function checkSource(
  name: string,
  source: DetectionSource,
  states: Uint8Array,
  mask: string,
  keypoints: Float64Array | undefined,
): void {
  const field = 3 + sources.indexOf(source);
  if (states[field] === MISSING)
    throw missingKey(name, source, "the first detection has one, so all must (pycocotools fails with a KeyError)");
  if (source === "bbox" && states[field] === EMPTY) throw wrongType(name, { key: "bbox", size: 4 });
  const fine = source === "bbox" || (source === "segmentation" ? mask === "compressed" : (keypoints?.length ?? 0) > 0);
  if (fine) return;
  const wanted = source === "segmentation" ? "{ size, counts } with compressed counts" : "a list of numbers";
  throw new LadError("INVALID_DATA", `${name}: "${source}" must be ${wanted} where there is no bbox`);
}
