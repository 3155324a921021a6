export { lad } from "./lad";
export type { Terminal } from "./terminal/terminal";
