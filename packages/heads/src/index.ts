export { type ConvTowerOptions, convTower } from "./conv-tower";
export { type PaaHead, type PaaHeadOptions, type PaaLevel, paaHead } from "./paa-head";
