export { domInChromium } from "./dom-in-chromium";
export { expectClose } from "./expect-close";
export { expectGradient } from "./expect-gradient";
export { expectNoLeak } from "./expect-no-leak";
export { detectron2File, type PickledFileOptions, torchFile } from "./pickled-files";
export { zipFile } from "./zip-file";
