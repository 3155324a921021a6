export { expectClose } from "./expect-close";
export { expectGradient } from "./expect-gradient";
export { expectNoLeak } from "./expect-no-leak";
