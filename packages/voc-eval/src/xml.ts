export { parseVocXml } from "./parse-voc-xml";
export type { VocFile, VocObject } from "./voc-types";
