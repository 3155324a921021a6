export type {
  AreaRange,
  CocoAnnotations,
  CocoAreaMatches,
  CocoClassResult,
  CocoDetections,
  CocoEvaluation,
  CocoGroundTruth,
  CocoIds,
  CocoImageMatches,
  CocoImages,
  CocoIouType,
  CocoMasks,
  CocoParameters,
  CocoStat,
  EvaluateCocoOptions,
  ReadDetectionsOptions,
  ReadOptions,
} from "./coco-types";
export { evaluateCoco } from "./evaluate-coco";
export { formatPerClass } from "./format-per-class";
export { readDetections } from "./read-detections";
export { readGroundTruth } from "./read-ground-truth";
export { summarize } from "./summarize";
