import path from "node:path";
import { writeFileAtomic } from "@lad/checkpoints";
import { LadError } from "@lad/core";
import { type OpenedDataset, openDataset, samplePool, trainable, trainBatches } from "@lad/data";
import { buildLabeller, buildMethod, buildStudent, buildTeacher } from "@lad/recipes";
import { type AnyDetector, disposeParams } from "@lad/tensor";
import { type TrainResult, train, type Validation } from "@lad/train";
import type { Terminal } from "../terminal/terminal";
import type { DataPlace } from "./data-options";
import { detectAll } from "./detect-all";
import { loadGivenWeights } from "./given-weights";
import { judge } from "./judge";
import type { TrainPlan } from "./plan-training";
import { makeRunDirectory, runRecordOf, writeRunRecord } from "./run-record";
import { trainingLog } from "./training-log";

export type TrainingData = { readonly training: OpenedDataset; readonly validation?: OpenedDataset };

/** Opens the splits that a plan needs and says what they are. */
export async function openTrainingData(
  { config, data, vocOrigin, resumed }: TrainPlan,
  terminal: Terminal,
): Promise<TrainingData> {
  const options = { origin: vocOrigin, ...(resumed && { classes: resumed.classes }) };
  const { split: trained, repeat, keepIgnoredOnly } = config.training;
  const opened = await openDataset(data, trained, options);
  const once = { ...opened, ...trainable(opened, { keepIgnoredOnly }) };
  const { every, split } = config.validation;
  const validation =
    every > 0 ? await validationSplit(data, split, { ...options, classes: opened.classes }) : undefined;
  for (const { description, warnings } of [once, ...(validation ? [validation] : [])]) {
    terminal.note(description);
    for (const warning of warnings) terminal.note(`warning: ${warning}`);
  }
  const training = { ...once, images: Array.from({ length: repeat }, () => once.images).flat() };
  if (repeat > 1) terminal.note(`an epoch goes ${repeat} times through the training images`);
  return { training, ...(validation && { validation }) };
}

async function validationSplit(
  data: DataPlace,
  split: string,
  options: Parameters<typeof openDataset>[2],
): Promise<OpenedDataset> {
  try {
    return await openDataset(data, split, { ...options, keepDifficult: true });
  } catch (cause) {
    if (!LadError.is(cause) || cause.code !== "NOT_FOUND") throw cause;
    throw new LadError(
      "NOT_FOUND",
      `${cause.message}\nThe run validates on the split "${split}": choose another by --set validation.split=NAME, or train without by --set validation.every=0`,
      { cause },
    );
  }
}

export type TrainingOptions = {
  readonly signal?: AbortSignal;
  readonly label?: string;
  /** Instead of the configuration's; a resumed run may have other ones. */
  readonly workers?: number | undefined;
};

/**
 * Carries out a plan: builds and loads the networks, writes the run's config.json, trains, validates. The engine must be running.
 * @throws {LadError} CHECKPOINT_MISMATCH for weights of another network, IO for an output directory that cannot be written, and as `train`.
 */
export async function runTraining(
  plan: TrainPlan,
  { training, validation }: TrainingData,
  terminal: Terminal,
  options: TrainingOptions = {},
): Promise<TrainResult> {
  const { config, out, seed } = plan;
  const { classes } = training;
  await makeRunDirectory(out);
  const networks = { classes: classes.length, seed, pretrained: plan.pretrained };
  const student = buildStudent(config, networks);
  const teacher = buildTeacher(config, networks);
  const labeller = buildLabeller(config, networks);
  const log = (message: string) => terminal.note(message);
  const method = buildMethod(config, { student, teacher, labeller, log });
  const samples = samplePool({ workers: options.workers ?? config.workers, cache: true });
  const events = trainingLog(terminal, { label: options.label ?? "train", ...plannedSteps(plan, training) });
  try {
    await loadGivenWeights(plan, classes, { student, teacher, labeller }, terminal);
    if (!plan.resumed) await writeRunRecord(out, runRecordOf(plan, classes));
    return await train({
      method,
      batches: trainBatches({
        dataset: training,
        pipeline: config.pipeline,
        batchSize: config.batch,
        seed,
        loadSample: samples.loadSample,
        groupByOrientation: config.groupByOrientation,
      }),
      epochs: config.epochs,
      accumulate: config.accumulate,
      out,
      resume: plan.resumed !== undefined,
      seed,
      log: events.log,
      ...(validation && { validate: validationOf(plan, student, validation) }),
      ...(options.signal && { signal: options.signal }),
    });
  } finally {
    events.end();
    await samples.close();
    for (const { optimizer } of method.groups) optimizer.dispose();
    for (const network of [student, teacher, labeller]) if (network) disposeParams(network.params);
  }
}

function plannedSteps(
  { config }: TrainPlan,
  { images }: OpenedDataset,
): { readonly epochs: number; readonly perEpoch: number } {
  return { epochs: config.epochs, perEpoch: Math.max(1, Math.floor(images.length / config.batch)) };
}

/** Validation by the AP of COCO, or of VOC where the data are VOC's; the whole result goes to `report/validation.json`. */
function validationOf({ config, out }: TrainPlan, student: AnyDetector, dataset: OpenedDataset): Validation {
  const { every, batch } = config.validation;
  return {
    every,
    best: "AP",
    async run() {
      const results = await detectAll(student, dataset, { pipeline: config.pipeline, batch, test: config.test });
      const { metrics } = await judge(dataset, results);
      await writeFileAtomic(path.join(out, "report", "validation.json"), `${JSON.stringify(metrics, null, 2)}\n`);
      const { AP, AP50, AP75 } = metrics;
      return { AP, AP50, AP75 };
    },
  };
}
