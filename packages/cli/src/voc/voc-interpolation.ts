import path from "node:path";
import type { VocInterpolation } from "@lad/voc-eval";
import { usageError } from "../usage-error";

/** For commands that judge as VOC. */
export const interpolationOption = {
  interpolation: {
    type: "string",
    value: "area|11points",
    help: "voc: default 11points in a directory VOC2007, as the LD repository has it, else area",
  },
} as const;

/**
 * What was asked for, else what VOC had in the year that a directory's path names: eleven points in VOC2007, the area since.
 * @throws a usage error
 */
export function interpolationOf(asked: string | undefined, directories: readonly string[]): VocInterpolation {
  if (asked === "area" || asked === "11points") return asked;
  if (asked !== undefined) throw usageError(`--interpolation: wanted area or 11points, got "${asked}"`);
  const years = directories.map((directory) => path.resolve(directory).split(path.sep));
  return years.length > 0 && years.every((parts) => parts.includes("VOC2007")) ? "11points" : "area";
}
