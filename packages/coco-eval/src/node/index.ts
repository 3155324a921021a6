export { type CocoFilesEvaluation, type EvaluateCocoFilesOptions, evaluateCocoFiles } from "./evaluate-files";
export { readDetectionsFile, readGroundTruthFile } from "./read-files";
export type { CocoFiles } from "./read-on-threads";
