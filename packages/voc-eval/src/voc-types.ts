import type { NdArray } from "@lad/core";

/** The objects of one image. */
export type VocImage = {
  /** [N, 4] xyxy, px. N may be 0. */
  readonly boxes: NdArray;
  /** 0-based classes, [N]. */
  readonly labels: Int32Array;
  /** 1 = need not be found, and finding it counts for nothing. [N]; default none. */
  readonly difficult?: Uint8Array;
};

export type VocInterpolation =
  /** Area under the precision envelope: VOC 2010 on. */
  | "area"
  /** Mean of the highest precision at recall 0, 0.1, … 1: VOC 2007, also in the LD repository's tables. */
  | "11points";

export type EvaluateVocOptions = {
  /** Names in the order of the labels. */
  readonly classes: readonly string[];
  /** In (0, 1]. Default 0.5, 0.55, … 0.95, added up as the LD repository does. */
  readonly iouThresholds?: ArrayLike<number>;
  /** Default "area". */
  readonly interpolation?: VocInterpolation;
  /** Only objects with area in [low², high²) px² count, the others are as good as difficult. Default all. */
  readonly sideRange?: readonly [low: number, high: number];
};

/** Precision against recall, detections in descending score. */
export type VocCurve = {
  readonly recall: Float64Array;
  readonly precision: Float32Array;
  readonly scores: Float32Array;
};

export type VocClassResult = {
  readonly name: string;
  /** Objects to be found: difficult ones and those outside the range are not counted. */
  readonly gts: number;
  readonly dets: number;
  /** Highest recall at each IoU threshold, [T]; 0 without objects. */
  readonly recall: Float64Array;
  /** Average precision at each IoU threshold, [T]; 0 without objects. */
  readonly ap: Float32Array;
  readonly curves: readonly VocCurve[];
};

export type VocEvaluation = {
  readonly iouThresholds: Float64Array;
  readonly interpolation: VocInterpolation;
  /** Mean of the class's AP at each IoU threshold, [T]; classes without objects are left out; 0 if there are no others. */
  readonly meanAp: Float32Array;
  /** Mean of `meanAp`: the "AP" of the LD repository. */
  readonly ap: number;
  readonly perClass: readonly VocClassResult[];
};

/** An object as an annotation file has it. */
export type VocObject = {
  readonly name: string;
  readonly difficult: boolean;
  /** As written in the file. */
  readonly box: readonly [xmin: number, ymin: number, xmax: number, ymax: number];
};

/** An annotation file. `size` is missing where the file has none or says 0 × 0. */
export type VocFile = {
  readonly size?: { readonly width: number; readonly height: number };
  readonly objects: readonly VocObject[];
};

/** Coordinate of the first pixel: 1 as VOC 2007/2012 write it (1 is taken off all four sides, as mmdet does), 0 for tools that count from 0. */
export type VocOrigin = 0 | 1;
