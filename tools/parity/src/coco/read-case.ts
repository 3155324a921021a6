import { readFile } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { loadSafetensors } from "@lad/checkpoints";
import { LadError, type NdRecord } from "@lad/core";
import { type GoldenCase, goldenCase } from "../golden-case";
import { type CocoErrorCase, errorTensors } from "./errors";
import { type CocoRle, rleTensors } from "./rle";
import { classTensors, flat } from "./tensors";

/** One evaluation of a case: the parameters that differ from COCO's, and what it gave. */
export type CocoRun = {
  readonly iouType: "bbox" | "segm" | "keypoints";
  readonly paramsOverride: Readonly<Record<string, unknown>>;
  /** Delete `bbox` from every detection first. */
  readonly dropBboxFromDetections?: boolean;
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

/** What a COCO case is about, told by what its file holds. */
export type CocoConfig =
  | { readonly kind: "runs"; readonly runs: readonly CocoRun[] }
  | { readonly kind: "rle"; readonly rle: CocoRle }
  | { readonly kind: "errors"; readonly cases: readonly CocoErrorCase[] };

/**
 * A COCO case: evaluations (`<case>.expected.json` beside `<case>.gt.json` and `<case>.dt.json`), masks (`rle.json`) or inputs
 * and what the reference makes of them (`errors.json`). Expected numbers become tensors named by their place in the file.
 * @throws {LadError} UNSUPPORTED if it is none of these.
 */
export async function readCocoCase(file: string): Promise<GoldenCase> {
  const name = basename(file).replace(/(\.expected)?\.json$/, "");
  const json = JSON.parse(await readFile(file, "utf8")) as { runs?: CocoRun[] } | CocoRle | CocoErrorCase[];
  const described = (config: CocoConfig, tensors: NdRecord) =>
    goldenCase({ name, family: "coco_eval", file, config, tensors });
  if (Array.isArray(json)) return described({ kind: "errors", cases: json }, errorTensors(json));
  if ("frPolys" in json) return described({ kind: "rle", rle: json }, rleTensors(json));
  if ("runs" in json && json.runs)
    return described({ kind: "runs", runs: json.runs }, await runTensors(dirname(file), json.runs));
  throw new LadError("UNSUPPORTED", `readCocoCase: wanted evaluation runs, masks or errors, got neither in ${file}`);
}

/** `run<r>.stats`, `run<r>.evalImgs.<i>.dtMatches`, `run<r>.perClass.<category>`, `run<r>.arrays.precision`. */
async function runTensors(folder: string, runs: readonly CocoRun[]): Promise<NdRecord> {
  const tensors: Record<string, NdRecord[string]> = {};
  for (const [number, run] of runs.entries()) {
    const prefix = `run${number}.`;
    for (const list of runLists) tensors[prefix + list] = flat(run[list]);
    Object.assign(tensors, classTensors(prefix, run.perClass));
    for (const [index, image] of (run.evalImgs ?? []).entries()) {
      for (const list of imageLists) if (image[list]) tensors[`${prefix}evalImgs.${index}.${list}`] = flat(image[list]);
    }
    if (!run.arrays) continue;
    const arrays = await loadSafetensors(join(folder, run.arrays));
    for (const kind of ["precision", "recall", "scores"])
      tensors[`${prefix}arrays.${kind}`] = flat([...arrays.tensors[kind]!.data]);
  }
  return tensors;
}
