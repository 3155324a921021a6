export type { VocFile, VocObject } from "../voc-types";
export { parseVocXml } from "./parse-voc-xml";
