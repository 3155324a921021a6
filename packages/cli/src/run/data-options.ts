import path from "node:path";
import { usageError } from "../usage-error";

/** A data set's directory, or several VOC directories that are one data set. */
export type DataPlace = string | readonly string[];

/** @returns nothing if the option was not given */
export function dataPlaceOf(given: readonly string[]): DataPlace | undefined {
  return given.length > 1 ? given : given[0];
}

export function absolutePlace(place: DataPlace): DataPlace {
  return typeof place === "string" ? path.resolve(place) : place.map((directory) => path.resolve(directory));
}

/** For VOC annotations; COCO's count from 0 always. */
export const vocOriginOption = {
  "voc-origin": {
    type: "string",
    value: "0|1",
    help: "VOC data: coordinate of the first pixel; default 1, as VOC 2007/2012",
  },
} as const;

/** @throws a usage error */
export function vocOriginOf(
  options: { readonly "voc-origin"?: string | undefined },
  fallback: 0 | 1 = 1,
): { readonly origin: 0 | 1 } {
  const text = options["voc-origin"];
  if (text === undefined) return { origin: fallback };
  if (text !== "0" && text !== "1") throw usageError(`--voc-origin: wanted 0 or 1, got "${text}"`);
  return { origin: text === "1" ? 1 : 0 };
}
