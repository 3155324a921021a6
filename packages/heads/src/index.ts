export { atssDistributionHead } from "./atss-distribution-head";
export type { ClassProbability, ClassProbabilityFactory } from "./class-probability";
export { type ConditionalObjectnessOptions, conditionalObjectness } from "./conditional-objectness";
export { type ConvTowerOptions, convTower } from "./conv-tower";
export type { DenseHeadOptions } from "./dense-head-parts";
export type { DenseHead, DenseLevel } from "./dense-level";
export { type DistributionHead, type DistributionHeadOptions, distributionHead } from "./distribution-head";
export {
  type DistributionQuality,
  type DistributionQualityFactory,
  type DistributionQualityOptions,
  distributionQuality,
} from "./distribution-quality";
export { fcosDistributionHead } from "./fcos-distribution-head";
export { gflHead } from "./gfl-head";
export { type GflV2HeadOptions, gflV2Head } from "./gfl-v2-head";
export { implicitObject } from "./implicit-object";
export { type PaaHead, type PaaHeadOptions, paaHead } from "./paa-head";
export { retinaDistributionHead } from "./retina-distribution-head";
