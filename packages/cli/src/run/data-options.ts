import { usageError } from "../usage-error";

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
