import { readFile } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { loadSafetensors } from "@lad/checkpoints";
import { type NdArray, type NdRecord, ndArray } from "@lad/core";
import { type GoldenCase, goldenCase } from "./golden-case";

/** One evaluation of a case: the parameters that differ from COCO's, and what it gave. */
export type CocoRun = {
  readonly iouType: string;
  readonly paramsOverride: Readonly<Record<string, unknown>>;
  readonly evalImgs?: readonly CocoImage[];
  readonly arrays?: string;
  readonly [values: string]: unknown;
};

/** The matches of one image, class and area range. */
export type CocoImage = {
  readonly image_id: number;
  readonly category_id: number;
  readonly aRng: readonly [number, number];
} & Readonly<Record<(typeof imageLists)[number], unknown>>;

export const imageLists = ["dtIds", "gtIds", "dtMatches", "gtMatches", "dtIgnore", "gtIgnore", "ious"] as const;
const runLists = ["stats", "counts", "imgIds", "recall", "precisionMeanOverRecall"] as const;

/**
 * A COCO evaluation case: `<case>.expected.json` beside `<case>.gt.json` and `<case>.dt.json`. Its numbers become tensors
 * `run<r>.stats`, `run<r>.evalImgs.<i>.dtMatches`, `run<r>.perClass.<category>` (AP, AP50, AR; -1 for none), `run<r>.precision`.
 */
export async function readCocoCase(file: string): Promise<GoldenCase> {
  const name = basename(file, ".expected.json");
  const { runs } = JSON.parse(await readFile(file, "utf8")) as { runs: CocoRun[] };
  const tensors: Record<string, NdRecord[string]> = {};
  for (const [number, run] of runs.entries()) {
    for (const list of runLists) tensors[`run${number}.${list}`] = flat(run[list]);
    for (const [category, values] of Object.entries(run.perClass as Record<string, Record<string, number | null>>)) {
      tensors[`run${number}.perClass.${category}`] = flat([values.AP ?? -1, values.AP50 ?? -1, values.AR ?? -1]);
    }
    for (const [index, image] of (run.evalImgs ?? []).entries()) {
      for (const list of imageLists)
        if (image[list]) tensors[`run${number}.evalImgs.${index}.${list}`] = flat(image[list]);
    }
    if (!run.arrays) continue;
    const arrays = await loadSafetensors(join(dirname(file), run.arrays));
    for (const kind of ["precision", "recall", "scores"]) {
      tensors[`run${number}.arrays.${kind}`] = flat([...arrays.tensors[kind]!.data]);
    }
  }
  return goldenCase({ name, family: "coco_eval", file, config: { runs }, tensors });
}

/** Nested lists of numbers as one vector. */
export function flat(values: unknown): NdArray<Float64Array> {
  const all = Float64Array.from((values as unknown[]).flat(9) as number[]);
  return ndArray(all, [all.length]);
}
