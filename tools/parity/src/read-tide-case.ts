import { readFile } from "node:fs/promises";
import { basename } from "node:path";
import { type TideFix, tideKinds } from "@lad/coco-eval/tide";
import type { NdArray } from "@lad/core";
import { flat } from "./coco/tensors";
import { type GoldenCase, goldenCase } from "./golden-case";

type Numbers<Key extends string = string> = Readonly<Record<Key, number>>;
type TideFile = {
  readonly params: { readonly posThresh: number; readonly bgThresh: number; readonly maxDets: number };
  readonly AP: number;
  readonly main: Numbers;
  readonly special: Numbers;
  readonly fixedAP: Numbers;
  readonly counts: Numbers;
  readonly countsIgnored: Numbers;
  readonly countsFixable: Numbers;
  readonly totals: Numbers<"TP" | "FP" | "ignored" | "cut" | "gts" | "falseNegatives">;
  readonly npos: Numbers;
  readonly perClassAP: Numbers;
  readonly perClassFixedAP: Readonly<Record<string, Numbers>>;
  readonly detections: readonly string[];
  readonly detectionGt: readonly number[];
  readonly gts: readonly string[];
};

export const tideFixes: readonly TideFix[] = [...tideKinds, "FalsePos", "FalseNeg"];

/**
 * An error diagnosis: `<case>.tide.json` beside `<case>.gt.json` and `<case>.dt.json`. Its numbers become vectors in the order of
 * `tideFixes`, its labels numbers.
 */
export async function readTideCase(file: string): Promise<GoldenCase> {
  const tide = JSON.parse(await readFile(file, "utf8")) as TideFile;
  const { TP, FP, ignored, cut, gts, falseNegatives } = tide.totals;
  const kinds = (values: Numbers) => flat(tideKinds.map((kind) => values[kind]!));
  const classes = (name: string, values: Numbers = {}) =>
    byClass(
      name,
      Object.entries(values).map(([id, value]) => [Number(id), value] as const),
    );
  const fixed = tideFixes.map((fix) => classes(`perClassFixedAP.${fix}`, tide.perClassFixedAP[fix]));
  return goldenCase({
    name: basename(file, ".json"),
    family: "tide",
    file,
    config: tide.params,
    tensors: {
      AP: flat([tide.AP]),
      lost: flat(tideFixes.map((fix) => tide.main[fix] ?? tide.special[fix]!)),
      fixedAP: flat(tideFixes.map((fix) => tide.fixedAP[fix]!)),
      ...classes("perClassAP", tide.perClassAP),
      ...Object.assign({}, ...fixed),
      ...classes("npos", tide.npos),
      counts: kinds(tide.counts),
      countsIgnored: kinds(tide.countsIgnored),
      countsFixable: kinds(tide.countsFixable),
      totals: flat([TP, FP, ignored, cut, gts, falseNegatives]),
      detections: labels(tide.detections),
      detectionGt: flat([...tide.detectionGt]),
      gts: labels(tide.gts),
    },
  });
}

/** Values by class as two vectors, `<name>` and `<name>.ids`, ids ascending. */
export function byClass(
  name: string,
  values: Iterable<readonly [number, number]>,
): Record<string, NdArray<Float64Array>> {
  const entries = [...values].sort((a, b) => a[0] - b[0]);
  return { [name]: flat(entries.map(([, value]) => value)), [`${name}.ids`]: flat(entries.map(([id]) => id)) };
}

const names = ["TP", "Cls", "Loc", "Both", "Dupe", "Bkg", "Miss", "Found", "Covered", "crowd", "cut", "dropped"];

/** What became of detections or annotations as numbers; `*` (ignored) adds 100. Unknown names: -1. */
export function labels(texts: readonly string[]): NdArray<Float64Array> {
  return flat(texts.map((text) => names.indexOf(text.replace("*", "")) + (text.endsWith("*") ? 100 : 0)));
}
