export { type ColadOptions, colad } from "./colad";
export { distill } from "./distill";
export type { KeptRegions } from "./kept-regions";
export { labelAssignment } from "./label-assignment";
export type { SoftForm } from "./soft-distance";
export { type SoftLabelsOptions, softLabels } from "./soft-labels";
