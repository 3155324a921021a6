import type { NdArray } from "@lad/core";

/** Ids as COCO files have them: whole numbers, not necessarily contiguous. Read as doubles, which hold 53 bits. */
export type CocoIds = Float64Array | Int32Array;

/** A COCO data set, as structure of arrays. */
export type CocoGroundTruth = {
  readonly images: CocoImages;
  readonly categories: { readonly ids: CocoIds; readonly names: readonly string[] };
  readonly annotations: CocoAnnotations;
};

export type CocoImages = {
  readonly ids: CocoIds;
  /** `[N * 2]` height and width, px; NaN where the file gives none. Needed where masks are drawn from polygons or boxes. */
  readonly sizes?: Float64Array;
};

/** Masks of rows, compressed, in one array. `packMasks` of `@lad/coco-eval/rle` makes it. */
export type CocoMasks = {
  /** `[N * 2]` height and width, px. -1: this row has none, -2: it has one that cannot be used. */
  readonly sizes: Float64Array;
  /** COCO's compressed counts (the characters of its strings as bytes), one mask after the other. */
  readonly counts: Uint8Array;
  /** Where each mask starts in `counts`, and where the last one ends. `[N + 1]` */
  readonly starts: Float64Array;
};

/** Row i of every array is annotation i, in the order of the file (which breaks ties). */
export type CocoAnnotations = {
  readonly ids: CocoIds;
  readonly imageIds: CocoIds;
  readonly categoryIds: CocoIds;
  /** `[N * 4]` xywh, px. NaN where the file gives none. */
  readonly boxes: Float64Array;
  /** Annotated area, px^2: of the mask in COCO, not of the box. NaN where the file gives none. */
  readonly areas: Float64Array;
  /** 1 = a crowd region, 0 = one object, 255 = the file does not say. */
  readonly isCrowd: Uint8Array;
  /** Needed for iouType "segm". */
  readonly masks?: CocoMasks;
  /** Needed for iouType "keypoints". `[N * K * 3]` x, y px, and visibility (0 = not labelled); NaN where a row has none. */
  readonly keypoints?: Float64Array;
  /** Labelled keypoints of each annotation; 0: it need not be found, -1: the file does not say. Absent: counted. `[N]` */
  readonly keypointCounts?: Int32Array;
};

/** Detections ("COCO results"), as structure of arrays; row order breaks ties between equal scores. */
export type CocoDetections = {
  readonly imageIds: CocoIds;
  readonly categoryIds: CocoIds;
  /** `[N * 4]` xywh, px. Absent: around the masks, else around the keypoints. */
  readonly boxes?: Float64Array;
  readonly scores: Float64Array;
  /** px^2; decides the area range of what matches nothing. Absent: w · h of `boxes` if given, else pixels of the masks. */
  readonly areas?: Float64Array;
  /** Needed for iouType "segm". A row without mask is the rectangle of its box. */
  readonly masks?: CocoMasks;
  /** Needed for iouType "keypoints". `[N * K * 3]` x, y px; the third number is not looked at. */
  readonly keypoints?: Float64Array;
};

/** What is compared: boxes, masks, or keypoints by object keypoint similarity (OKS). */
export type CocoIouType = "bbox" | "segm" | "keypoints";

/** What a file is read for. */
export type ReadOptions = {
  /** "segm" reads the masks too, "keypoints" the keypoints. Default "bbox". */
  readonly iouType?: CocoIouType;
};

/** Options of `readDetections`. */
export type ReadDetectionsOptions = ReadOptions & {
  /** Images of the ground truth. Only needed to draw masks that are given as polygons. */
  readonly images?: CocoImages;
};

/** Objects whose area lies in `[min, max]` px^2, both limits included. */
export type AreaRange = { readonly label: string; readonly min: number; readonly max: number };

/** Options of `evaluateCoco`; pycocotools' names are in brackets. */
export type EvaluateCocoOptions = {
  /** Default "bbox". */
  readonly iouType?: CocoIouType;
  /** [iouThrs] default 0.5, 0.55, … 0.95. */
  readonly iouThresholds?: ArrayLike<number>;
  /** [recThrs] default 0, 0.01, … 1. */
  readonly recallThresholds?: ArrayLike<number>;
  /** [maxDets] detections kept per image and category, at least three numbers (keypoints: one); default 1, 10, 100 (keypoints: 20). */
  readonly maxDetections?: readonly number[];
  /** [areaRng, areaRngLbl] default all, small (to 32^2; not for keypoints), medium (to 96^2), large. */
  readonly areaRanges?: readonly AreaRange[];
  /** [useCats] false: all categories are one, as for proposals. Default true. */
  readonly useCategories?: boolean;
  /** [catIds] default all of the ground truth. */
  readonly categoryIds?: ArrayLike<number>;
  /** [imgIds] default all of the ground truth. */
  readonly imageIds?: ArrayLike<number>;
  /** [kpt_oks_sigmas] how far annotators disagree on each keypoint, relative to the object; default COCO's 17 of a person. */
  readonly keypointSigmas?: ArrayLike<number>;
};

/** The options as they were used: sorted, without duplicates, defaults filled in. */
export type CocoParameters = {
  readonly iouType: CocoIouType;
  readonly iouThresholds: Float64Array;
  readonly recallThresholds: Float64Array;
  readonly maxDetections: readonly number[];
  readonly areaRanges: readonly AreaRange[];
  readonly useCategories: boolean;
  /** Ascending. With `useCategories` false: the categories pooled, in the order given. */
  readonly categoryIds: Float64Array;
  readonly imageIds: Float64Array;
  readonly keypointSigmas: Float64Array;
};

/** One of the twelve numbers (ten of keypoints): a mean over everything that was measured, or -1 if nothing was. */
export type CocoStat = {
  readonly name: string;
  readonly value: number;
  readonly kind: "AP" | "AR";
  /** The one IoU threshold it is taken at; absent: mean over all. */
  readonly iouThreshold?: number;
  readonly area: string;
  readonly maxDetections: number;
};

/** One category's results (area "all" or the first range, the last of `maxDetections`); -1 = no ground truth. */
export type CocoClassResult = {
  /** -1 when categories are not used. */
  readonly categoryId: number;
  readonly name: string;
  /** Mean over IoU thresholds and recall levels. */
  readonly ap: number;
  /** At the first IoU threshold. */
  readonly ap50: number;
  /** Mean over IoU thresholds. */
  readonly ar: number;
};

/** What became of the detections and annotations of one image and category. */
export type CocoImageMatches = {
  /** Rows of the detections, best score first, cut at the last of `maxDetections`. `[D]` */
  readonly detections: Int32Array;
  /** Rows of the annotations, in file order. `[G]` */
  readonly annotations: Int32Array;
  /** IoU or OKS; of a crowd annotation: intersection over the detection's area. `[D, G]` */
  readonly ious: NdArray<Float64Array>;
  /** One entry per area range. */
  readonly areaRanges: readonly CocoAreaMatches[];
};

/** T thresholds, D detections and G annotations in the order of `CocoImageMatches`. */
export type CocoAreaMatches = {
  readonly areaRange: AreaRange;
  /** Index into `annotations`, -1 = unmatched. `[T, D]` */
  readonly matchedAnnotation: NdArray<Int32Array>;
  /** Index into `detections` of the last that took it, -1 = none. `[T, G]` */
  readonly matchedDetection: NdArray<Int32Array>;
  /** 1 = counts neither as true nor as false. `[T, D]` */
  readonly ignoredDetection: NdArray<Uint8Array>;
  /** 1 = need not be found. `[G]` */
  readonly ignoredAnnotation: Uint8Array;
};

/** T IoU thresholds, R recall levels, K categories, A area ranges, M detection limits. -1 = no ground truth. */
export type CocoEvaluation = {
  readonly parameters: CocoParameters;
  /** AP, AP50, AP75, APs, APm, APl, AR at each detection limit, ARs, ARm, ARl; of keypoints AP, AP50, AP75, APm, APl, AR, AR50, AR75, ARm, ARl. */
  readonly stats: Float64Array;
  /** The same numbers with their names and what they are taken over. */
  readonly namedStats: readonly CocoStat[];
  /** Interpolated precision `[T, R, K, A, M]`. */
  readonly precision: NdArray<Float64Array>;
  /** Highest recall `[T, K, A, M]`. */
  readonly recall: NdArray<Float64Array>;
  /** Score at which the recall level is reached, 0 where it is not. `[T, R, K, A, M]` */
  readonly scores: NdArray<Float64Array>;
  readonly perClass: readonly CocoClassResult[];
  /** Matches one image again and shows how; with `useCategories` false the category is not looked at. */
  imageMatches(imageId: number, categoryId: number): CocoImageMatches;
};
