import path from "node:path";
import { writeFileAtomic } from "@lad/checkpoints";
import { type Dataset, decodeImage, drawnShapes, openDataset } from "@lad/data";
import { type AnyDetector, disposeParams } from "@lad/tensor";
import { drawPanels } from "../draw/draw-panels";
import { detectionMarks, truthMarks } from "../draw/marks";
import { type CocoMetrics, cocoMetrics } from "../run/coco-metrics";
import { detectAll } from "../run/detect-all";
import { cocoDetections, groundTruthOf } from "../run/ground-truth";
import { loadNetwork, openModel } from "../run/open-run";
import { planTraining } from "../run/plan-training";
import { openTrainingData, runTraining } from "../run/run-training";
import type { Terminal } from "../terminal/terminal";
import { anchorPicture, busiestImages } from "./anchor-pictures";
import { makeDemoDirectory } from "./demo-directory";

export type DemoOptions = {
  readonly directory: string;
  readonly seed: number;
  readonly images?: { readonly train: number; readonly val: number };
  /** How many held-out images are drawn. */
  readonly pictures?: number;
  /** Replaces settings of all three recipes, as `--set`. */
  readonly overrides?: readonly string[];
};

/** One of the demo's three networks and how it did on held-out images. */
export type DemoResult = {
  readonly name: string;
  readonly recipe: string;
  readonly taughtBy?: string;
  readonly parameters: number;
  readonly trainingMs: number;
  readonly metrics: CocoMetrics;
};

const NETWORKS = [
  { name: "teacher", recipe: "demo/paa-teacher" },
  { name: "student", recipe: "demo/paa-student" },
  { name: "lad-student", recipe: "demo/lad-student", taughtBy: "teacher" },
] as const;

/** Draws the data set, trains teacher, baseline and LAD student, judges them and draws what they see. The engine must be running. */
export async function runDemo(
  { directory, seed, images = { train: 400, val: 100 }, pictures = 6, overrides = [] }: DemoOptions,
  terminal: Terminal,
): Promise<readonly DemoResult[]> {
  const places = await makeDemoDirectory(directory);
  const { classes } = await drawnShapes({ directory: places.shapes, seed, images });
  terminal.note(`data set: ${images.train} + ${images.val} images of ${classes.join(", ")} in ${places.shapes}`);
  const validation = await openDataset(places.shapes, "val", { classes });
  const results: DemoResult[] = [];
  const detectors: AnyDetector[] = [];
  const found: Awaited<ReturnType<typeof detectAll>>[] = [];
  for (const network of NETWORKS) {
    const out = path.join(places.runs, network.name);
    const teacher = "taughtBy" in network ? path.join(places.runs, network.taughtBy) : undefined;
    const set = ["validation.every=0", ...overrides];
    const plan = await planTraining({
      config: network.recipe,
      data: places.shapes,
      out,
      resume: false,
      seed,
      set,
      teacher,
      fromScratch: false,
    });
    const begun = performance.now();
    await runTraining(plan, await openTrainingData(plan, quiet(terminal)), quiet(terminal), {
      label: network.name.padEnd(11),
    });
    const trainingMs = performance.now() - begun;
    const { network: student } = await loadNetwork(await openModel(out));
    const detections = await detectAll(student, validation, {
      pipeline: plan.config.pipeline,
      batch: plan.config.batch,
    });
    const metrics = cocoMetrics(await groundTruthOf(validation), cocoDetections(validation, detections));
    results.push({ ...network, parameters: parameterCount(student), trainingMs, metrics });
    detectors.push(student);
    found.push(detections);
  }
  await drawDetections(validation, found, { directory: places.pictures, count: pictures });
  await drawAnchors(validation, detectors, { directory: places.pictures, count: pictures });
  for (const { params } of detectors) disposeParams(params);
  await writeFileAtomic(path.join(directory, "results.json"), `${JSON.stringify({ seed, results }, null, 2)}\n`);
  return results;
}

/** Progress is shown, the sentences about data and weights are not: the demo says them itself. */
function quiet(terminal: Terminal): Terminal {
  return { ...terminal, note: (line) => /^\S+ +\d+\/\d+/.test(line) && terminal.note(line) };
}

function parameterCount({ params }: AnyDetector): number {
  return [...params.values()]
    .filter(({ kind }) => kind !== "buffer")
    .reduce((sum, { variable }) => sum + variable.size, 0);
}

type Drawing = { readonly directory: string; readonly count: number };

async function drawDetections(
  dataset: Dataset,
  found: readonly Awaited<ReturnType<typeof detectAll>>[],
  { directory, count }: Drawing,
): Promise<void> {
  for (const image of busiestImages(dataset, count)) {
    const decoded = await decodeImage(image.file);
    const panels = found.map((results, index) => ({
      title: NETWORKS[index]!.name,
      image: decoded,
      marks: detectionMarks(results.get(image.id)!, dataset.classes, { minScore: 0.5 }),
    }));
    const truth = {
      title: "ground truth",
      image: decoded,
      marks: truthMarks(image.boxes, image.labels, dataset.classes),
    };
    await writeFileAtomic(
      path.join(directory, `detections-${path.parse(image.file).name}.png`),
      drawPanels([truth, ...panels], { zoom: 2 }),
    );
  }
}

async function drawAnchors(
  dataset: Dataset,
  detectors: readonly AnyDetector[],
  { directory, count }: Drawing,
): Promise<void> {
  const { pipeline } = (await openModel(path.join(directory, "..", "runs", "teacher"))).config;
  const assigners = [0, 2].map((index) => ({ title: NETWORKS[index]!.name, detector: detectors[index]! }));
  for (const image of busiestImages(dataset, count)) {
    const png = await anchorPicture(image, { pipeline, classes: dataset.classes, assigners });
    await writeFileAtomic(path.join(directory, `anchors-${path.parse(image.file).name}.png`), png);
  }
}
