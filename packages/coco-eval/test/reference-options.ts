import type { CocoIouType, EvaluateCocoOptions } from "../src/index";

/** pycocotools' `Params`, the ones a case sets. */
export type ReferenceParams = {
  readonly iouThrs?: number[];
  readonly recThrs?: number[];
  readonly maxDets?: number[];
  readonly areaRng?: [number, number][];
  readonly useCats?: number;
  readonly catIds?: number[];
  readonly imgIds?: number[];
  readonly kpt_oks_sigmas?: number[];
};

const labels = { bbox: ["all", "small", "medium", "large"], keypoints: ["all", "medium", "large"] };

/** The same as options of `evaluateCoco`. */
export function referenceOptions(params: ReferenceParams, iouType: CocoIouType = "bbox"): EvaluateCocoOptions {
  const names = iouType === "keypoints" ? labels.keypoints : labels.bbox;
  const { iouThrs, recThrs, maxDets, areaRng, useCats, catIds, imgIds, kpt_oks_sigmas: sigmas } = params;
  return {
    iouType,
    ...(iouThrs && { iouThresholds: iouThrs }),
    ...(recThrs && { recallThresholds: recThrs }),
    ...(maxDets && { maxDetections: maxDets }),
    ...(areaRng && { areaRanges: areaRng.map(([min, max], i) => ({ label: names[i]!, min, max })) }),
    ...(useCats !== undefined && { useCategories: useCats !== 0 }),
    ...(catIds && { categoryIds: catIds }),
    ...(imgIds && { imageIds: imgIds }),
    ...(sigmas && { keypointSigmas: sigmas }),
  };
}
