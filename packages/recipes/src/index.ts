export {
  type BuildMethodOptions,
  type BuildNetworkOptions,
  buildLabeller,
  buildMethod,
  buildStudent,
  buildTeacher,
} from "./build-method";
export { type Config, defineConfig, type NetworkContext, type ResolvedConfig, type Settings } from "./config";
export { type DistributionNetworkOptions, distributionNetwork } from "./distribution-network";
export { findRecipe, recipes } from "./find-recipe";
export { type GflNetworkOptions, gflNetwork } from "./gfl-network";
export {
  type ChoiceOptions,
  coladMethod,
  type LdOptions,
  ladMethod,
  ldMethod,
  plainMethod,
  softLabelMethod,
  soladMethod,
} from "./methods";
export { didYouMean } from "./nearest-name";
export { type PaaNetworkOptions, paaNetwork } from "./paa-network";
export type { Recipe } from "./recipe";
export { type ResolveConfigOptions, resolveConfig } from "./resolve-config";
