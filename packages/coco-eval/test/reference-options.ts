import type { EvaluateCocoOptions } from "../src/index";

/** pycocotools' `Params`, the ones a case sets. */
export type ReferenceParams = {
  readonly iouThrs?: number[];
  readonly recThrs?: number[];
  readonly maxDets?: number[];
  readonly areaRng?: [number, number][];
  readonly useCats?: number;
  readonly catIds?: number[];
  readonly imgIds?: number[];
};

const labels = ["all", "small", "medium", "large"];

/** The same as options of `evaluateCoco`. */
export function referenceOptions(params: ReferenceParams): EvaluateCocoOptions {
  const { iouThrs, recThrs, maxDets, areaRng, useCats, catIds, imgIds } = params;
  return {
    ...(iouThrs && { iouThresholds: iouThrs }),
    ...(recThrs && { recallThresholds: recThrs }),
    ...(maxDets && { maxDetections: maxDets }),
    ...(areaRng && { areaRanges: areaRng.map(([min, max], i) => ({ label: labels[i]!, min, max })) }),
    ...(useCats !== undefined && { useCategories: useCats !== 0 }),
    ...(catIds && { categoryIds: catIds }),
    ...(imgIds && { imageIds: imgIds }),
  };
}
