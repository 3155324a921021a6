export { centresInside } from "./centres-inside";
export { type ColadOptions, colad } from "./colad";
export { type DecoupledImitationOptions, decoupledImitation, type ObjectMasks } from "./decoupled-imitation";
export { type DetectorGrid, detectorGrid } from "./detector-grid";
export { distill } from "./distill";
export { type FeatureImitationOptions, featureImitation, type ImitatedCells } from "./feature-imitation";
export { type GiOptions, type GiStudent, type GiTeacher, giCells } from "./gi-cells";
export { type ImitationAdapter, type ImitationAdapterOptions, imitationAdapter } from "./imitation-adapter";
export { type ImitationRegion, imitationCells } from "./imitation-cells";
export type { KeptRegions } from "./kept-regions";
export { labelAssignment } from "./label-assignment";
export { type LocalizationOptions, type LocalizationStudent, localization } from "./localization";
export { type SoftClassesOptions, softClasses } from "./soft-classes";
export type { SoftForm } from "./soft-distance";
export { type SoftLabelsOptions, softLabels } from "./soft-labels";
export type { AnyTerm } from "./term-runner";
export {
  type LocalizationRegion,
  type ValuableLocalizationOptions,
  valuableLocalization,
} from "./valuable-localization";
