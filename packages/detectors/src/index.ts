export { type AtssDetectorOptions, atss } from "./atss";
export type { ScoreRule } from "./best-anchors";
export type { BoxCoding } from "./box-coding";
export { deltaCoding } from "./delta-coding";
export { type DenseDetector, type DenseDetectorOptions, type DenseNetworks, denseDetector } from "./dense-detector";
export type { GridAnchors } from "./dense-grid";
export type { DenseOut } from "./dense-out";
export { distributionCoding } from "./distribution-coding";
export type { DistributionDetector } from "./distribution-detector";
export { type FcosDistributionOptions, fcosDistribution } from "./fcos-distribution";
export { type GflOptions, gfl } from "./gfl";
export type { GflLossOptions } from "./gfl-loss";
export { type Paa, paa } from "./paa";
export {
  type PaaCostForm,
  type PaaLossOptions,
  type PaaOptions,
  type PaaPreAssignOptions,
  paaAnchors,
} from "./paa-options";
export type { PointLossOptions } from "./point-loss";
export { type RetinaDistributionOptions, retinaAnchors, retinaDistribution } from "./retina-distribution";
