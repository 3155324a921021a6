import { LadError } from "@lad/core";
import type { CocoDetections, CocoImages, CocoIouType } from "./coco-types";
import { keypointGeometry } from "./detection-geometry";
import { imageSizes } from "./image-sizes";
import { keypointColumn } from "./keypoint-column";
import { maskColumn } from "./mask-column";
import { type NumberColumn, numberColumn } from "./number-column";
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
const required = ["image_id", "category_id", "score"];

/** Detections while they are read. */
export type DetectionPart = {
  readonly sink: RecordSink;
  /** Known from the first detection on. */
  source(): DetectionSource | undefined;
  /** Detections so far. */
  count(): number;
  /** What was read; with `isCopied` false in arrays that may have room behind. */
  finish(isCopied?: boolean): CocoDetections & { readonly boxes: Float64Array };
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
  const [boxes, areas, masks, keypoints] = [numberColumn(), numberColumn(), maskColumn(), keypointColumn()];
  const around = new Float64Array(4).fill(Number.NaN); // the box of a record that has none; around keypoints it is drawn at the end
  const sizeOf = imageSizes(images);
  const fields = {
    ...{ image_id: 1, category_id: 1, score: 1, bbox: 4 },
    segmentation: readIf(wanted.masks, segmentation),
    keypoints: readIf(wanted.keypoints, keypointList),
  };
  const sink = recordSink(who, fields, (values, states, index) => {
    checkNumbers(index, values, states);
    source ??= sourceOf(index, states);
    if (source !== "bbox" || states[3] !== READ) {
      checkSource(index, source, states, segmentation.value.kind, keypointList.numbers());
    }
    imageIds.pushFrom(values, 0, 1);
    categoryIds.pushFrom(values, 1, 1);
    scores.pushFrom(values, 2, 1);
    if (wanted.masks()) storeSegmentation(segmentation.value, masks, sizeOf, values[0]!);
    if (wanted.keypoints()) keypoints.push(keypointList.numbers());
    if (source === "segmentation") areas.push(masks.measureLast(around, () => `readDetections: detection ${index}`));
    if (states[3] === READ) boxes.pushFrom(values, 3, 4);
    else boxes.pushFrom(around, 0, 4);
  });
  const finish = (isCopied = true) => {
    const finished = (column: NumberColumn) => (isCopied ? column.finish() : column.view());
    const parts = { masks: masks.finish(), keypoints: keypoints.finish() };
    const read = {
      imageIds: finished(imageIds),
      categoryIds: finished(categoryIds),
      scores: finished(scores),
      ...(iouType === "segm" && { masks: parts.masks }),
      ...(iouType === "keypoints" && { keypoints: parts.keypoints }),
    };
    if (source === "segmentation") return { ...read, boxes: finished(boxes), areas: finished(areas) };
    if (source !== "keypoints") return { ...read, boxes: finished(boxes) };
    const drawn = keypointGeometry(parts.keypoints, scores.count());
    const drawnOrOwn = boxes.finish().map((value, i) => (Number.isNaN(value) ? drawn.boxes[i]! : value));
    return { ...read, boxes: drawnOrOwn, areas: drawn.areas };
  };
  return { sink, source: () => source, count: imageIds.count, finish };
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

/** Made only where something is wrong: a text for every detection would take longer than reading it. */
const nameOf = (index: number) => `${who}[${index}]`;

function checkNumbers(index: number, values: Float64Array, states: Uint8Array): void {
  for (let field = 0; field < required.length; field++) {
    if (states[field] !== MISSING) continue;
    throw missingKey(nameOf(index), required[field]!, "every detection must have image_id, category_id and score");
  }
  for (let i = 0; i < values.length; i++) {
    if (Number.isFinite(values[i])) continue;
    throw new LadError("NON_FINITE", `${nameOf(index)} holds a number that is not finite`);
  }
}

/** pycocotools asks the first detection: for a box, then a mask, then keypoints. An empty box is none. */
function sourceOf(index: number, states: Uint8Array): DetectionSource {
  const found = sources.find((_, i) => states[3 + i] === READ);
  if (found) return found;
  if (states[3] === EMPTY) throw wrongType(nameOf(index), { key: "bbox", size: 4 });
  throw missingKey(nameOf(index), "bbox", "a detection must have bbox, segmentation or keypoints");
}

function checkSource(
  index: number,
  source: DetectionSource,
  states: Uint8Array,
  mask: string,
  keypoints: Float64Array | undefined,
): void {
  const field = 3 + sources.indexOf(source);
  if (states[field] === MISSING) {
    const why = "the first detection has one, so all must (pycocotools fails with a KeyError)";
    throw missingKey(nameOf(index), source, why);
  }
  if (source === "bbox" && states[field] === EMPTY) throw wrongType(nameOf(index), { key: "bbox", size: 4 });
  const fine = source === "bbox" || (source === "segmentation" ? mask === "compressed" : (keypoints?.length ?? 0) > 0);
  if (fine) return;
  const wanted = source === "segmentation" ? "{ size, counts } with compressed counts" : "a list of numbers";
  throw new LadError("INVALID_DATA", `${nameOf(index)}: "${source}" must be ${wanted} where there is no bbox`);
}
