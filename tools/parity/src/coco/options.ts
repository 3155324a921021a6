import type { EvaluateCocoOptions } from "@lad/coco-eval";
import type { CocoRun } from "./read-case";

const areaLabels = { objects: ["all", "small", "medium", "large"], keypoints: ["all", "medium", "large"] };

type Params = {
  readonly [key in "iouThrs" | "recThrs" | "maxDets" | "catIds" | "imgIds" | "kpt_oks_sigmas"]?: number[];
} & { readonly areaRng?: [number, number][]; readonly areaRngLbl?: string[]; readonly useCats?: number };

/** pycocotools' parameters as options of ours. */
export function optionsOf({
  iouType,
  paramsOverride,
}: Pick<CocoRun, "iouType" | "paramsOverride">): EvaluateCocoOptions {
  const params = paramsOverride as Params;
  const { iouThrs, recThrs, maxDets, areaRng, useCats, catIds, imgIds, kpt_oks_sigmas: sigmas } = params;
  const labels = params.areaRngLbl ?? areaLabels[iouType === "keypoints" ? iouType : "objects"];
  return {
    iouType,
    ...(iouThrs && { iouThresholds: iouThrs }),
    ...(recThrs && { recallThresholds: recThrs }),
    ...(maxDets && { maxDetections: maxDets }),
    ...(areaRng && {
      areaRanges: areaRng.map(([min, max], index) => ({ label: labels[index] ?? `${min}-${max}`, min, max })),
    }),
    ...(useCats !== undefined && { useCategories: useCats !== 0 }),
    ...(catIds && { categoryIds: catIds }),
    ...(imgIds && { imageIds: imgIds }),
    ...(sigmas && { keypointSigmas: sigmas }),
  };
}
