export type { ClassProbability, ClassProbabilityFactory } from "./class-probability";
export { type ConditionalObjectnessOptions, conditionalObjectness } from "./conditional-objectness";
export { type ConvTowerOptions, convTower } from "./conv-tower";
export { implicitObject } from "./implicit-object";
export { type PaaHead, type PaaHeadOptions, type PaaLevel, paaHead } from "./paa-head";
