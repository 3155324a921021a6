import { type NdArray, type NdRecord, ndArray } from "@lad/core";

/** Nested lists of numbers as one vector. */
export function flat(values: unknown): NdArray<Float64Array> {
  const all = Float64Array.from((values as unknown[]).flat(9) as number[]);
  return ndArray(all, [all.length]);
}

/** A string as a vector of its characters' codes. */
export function characters(text: string): NdArray<Float64Array> {
  return flat(Array.from(text, (character) => character.charCodeAt(0)));
}

/** AP, AP50 and AR of every class, -1 for none. */
export function classTensors(prefix: string, perClass: unknown): NdRecord {
  const classes = Object.entries(perClass as Record<string, Record<string, number | null>>);
  return Object.fromEntries(
    classes.map(([category, { AP, AP50, AR }]) => [
      `${prefix}perClass.${category}`,
      flat([AP ?? -1, AP50 ?? -1, AR ?? -1]),
    ]),
  );
}
