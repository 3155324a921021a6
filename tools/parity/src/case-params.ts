import type { NdRecord } from "@lad/core";
import type { GoldenCase } from "./golden-case";

/** Parameters below a prefix. The GFL and LD families store the scales, which are numbers, as arrays of one. */
export function caseParams(golden: GoldenCase, prefix: string): NdRecord {
  return Object.fromEntries(
    Object.entries(golden.takeAll(prefix)).map(([name, array]) => [
      name,
      name.endsWith(".scale") ? { data: array.data, shape: [] } : array,
    ]),
  );
}
