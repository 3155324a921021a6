export { type Paa, paa } from "./paa";
export {
  type PaaCostForm,
  type PaaLossOptions,
  type PaaOptions,
  type PaaPreAssignOptions,
  paaAnchors,
} from "./paa-options";
export type { PaaOut } from "./paa-out";
