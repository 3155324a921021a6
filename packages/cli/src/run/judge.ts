import type { Detections } from "@lad/core";
import type { OpenedDataset } from "@lad/data";
import { evaluateVoc, type VocImage } from "@lad/voc-eval";
import { interpolationOf } from "../voc/voc-interpolation";
import { type VocMetrics, vocMetrics, vocTable } from "../voc/voc-metrics";
import { vocTruth } from "../voc/voc-truth";
import { type CocoMetrics, cocoMetrics, metricsTable } from "./coco-metrics";
import { cocoDetections, groundTruthOf } from "./ground-truth";

export type JudgeOptions = {
  /** Whose evaluation; default VOC's for VOC directories, else COCO's. */
  readonly as?: "coco" | "voc";
  /** Of VOC's, see `interpolationOf`. */
  readonly interpolation?: string | undefined;
};

/** The numbers, and a table of them. */
export type Judgement = { readonly metrics: CocoMetrics | VocMetrics; readonly table: string };

/** Judges detections as `lad eval coco` or `lad eval voc` would, by the annotations that the data set was opened from. */
export async function judge(
  dataset: OpenedDataset,
  results: ReadonlyMap<string, Detections>,
  { as = dataset.source.kind, interpolation }: JudgeOptions = {},
): Promise<Judgement> {
  if (as === "voc") return judgeAsVoc(dataset, results, interpolation);
  const truth = await groundTruthOf(dataset);
  const metrics = cocoMetrics(truth, cocoDetections(dataset, results), { categoryIds: dataset.categoryIds });
  return { metrics, table: metricsTable(metrics) };
}

async function judgeAsVoc(
  dataset: OpenedDataset,
  results: ReadonlyMap<string, Detections>,
  asked: string | undefined,
): Promise<Judgement> {
  const { classes, images, source } = dataset;
  const interpolation = interpolationOf(asked, source.kind === "voc" ? source.directories : []);
  const found = images.map(({ id }) => results.get(id)!);
  const metrics = vocMetrics(evaluateVoc(await truthOf(dataset), found, { classes, interpolation }), images.length);
  return { metrics, table: vocTable(metrics) };
}

/** The objects of every image, difficult ones marked, none left out for its size. */
async function truthOf({ source, images, classes }: OpenedDataset): Promise<readonly VocImage[]> {
  if (source.kind === "coco") {
    const { names, images: all } = await vocTruth(source.file, { origin: 0, classes });
    const byId = new Map(names.map(([id], index) => [id, all[index]!]));
    return images.map(({ cocoId }) => byId.get(String(cocoId))!);
  }
  const truth: VocImage[] = [];
  for (const directory of source.directories) truth.push(...(await vocTruth(directory, { ...source, classes })).images);
  return truth;
}
