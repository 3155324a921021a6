export { averagePrecision } from "./average-precision";
export { evaluateVoc } from "./evaluate-voc";
export { formatVoc } from "./format-voc";
export { type VocImageOptions, vocImage } from "./voc-image";
export { vocThresholds } from "./voc-thresholds";
export type {
  EvaluateVocOptions,
  VocClassResult,
  VocCurve,
  VocEvaluation,
  VocFile,
  VocImage,
  VocInterpolation,
  VocObject,
  VocOrigin,
} from "./voc-types";
