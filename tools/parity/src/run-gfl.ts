import { loadParams } from "@lad/checkpoints";
import type { DenseOut, DistributionDetector } from "@lad/detectors";
import { distill } from "@lad/distill";
import { type Batch, createTape, disposeParams, type Forward, type Method, trainableVariables } from "@lad/tensor";
import { paramGroup, sgd } from "@lad/train";
import type * as tf from "@tensorflow/tfjs-core";
import { buildGfl } from "./build-gfl";
import type { MmConfig } from "./build-mm";
import { caseParams } from "./case-params";
import { compareAtss } from "./compare-atss";
import { compareDetections } from "./compare-detections";
import { compareGradients } from "./compare-gradients";
import { compareImitation } from "./compare-imitation";
import { compareParams } from "./compare-params";
import type { CaseOptions } from "./families";
import type { GoldenCase } from "./golden-case";
import { fromNhwc, largestOf } from "./layout";
import { compareLdLosses, lossName, nothing } from "./ld-losses";
import { type LdTerms, ldTerms } from "./ld-terms";
import { levelLosses } from "./level-losses";
import { mmBatch } from "./mm-batch";
import { replayTrajectory } from "./replay-trajectory";
import type { Report } from "./report";
import { excludeTrajectory } from "./run-paa";
import { distributionGradientTolerance, forwardTolerance } from "./tolerance";

export type GflReplay = {
  readonly golden: GoldenCase;
  readonly report: Report;
  readonly student: DistributionDetector;
  readonly teacher: DistributionDetector | undefined;
  readonly terms: LdTerms;
  readonly batch: Batch;
};

/** The GFocal and LD families: one student, alone or with a teacher; `ld_ta` makes that teacher first, out of another. */
export async function runGfl(golden: GoldenCase, report: Report, options: CaseOptions): Promise<void> {
  const { config } = golden;
  const student = buildGfl(config, config.model);
  await loadParams(student.params, caseParams(golden, "param."));
  const teacher = config.teacher ? buildGfl(config, config.teacher) : undefined;
  if (teacher) await loadParams(teacher.params, caseParams(golden, "teacher."));
  const terms = ldTerms(config, config.model, student, teacher);
  const batch = mmBatch(golden);
  const replay: GflReplay = { golden, report, student, teacher, terms, batch };
  await replayStep(replay);
  await replayDetections(replay);
  if (options.trajectory) {
    if (config.assistant) await replayAssistant(replay);
    await trainGfl(replay, "traj");
  } else excludeTrajectory(golden);
  batch.images.dispose();
  for (const network of [student, teacher]) if (network) disposeParams(network.params);
}

async function replayStep(replay: GflReplay): Promise<void> {
  const { golden, report, student, teacher, batch } = replay;
  const tape = createTape();
  try {
    const features = tape.run(() => student.features(batch.images, "train"));
    const own = { features, out: tape.run(() => student.predict(features)) };
    const taught = teacher && tape.noGrad(() => forward(teacher, batch));
    for (const [level, map] of features.entries())
      report.compare("features", `feat.${level}`, await fromNhwc(map), forwardTolerance);
    await compareMaps(replay, "out", own.out);
    if (taught) await compareMaps(replay, "tout", taught.out);
    const targets = await student.assign(own.out, batch);
    compareAtss({ golden, report, detector: student, out: own.out, batch, targets });
    if (taught) await compareImitation({ ...replay, own, taught });
    const step = { ...replay, tape, own, taught, targets };
    const losses = await compareLdLosses(step);
    await levelLosses(step);
    const gradients = tape.gradients(losses, trainableVariables(student.params));
    await compareGradients(golden, report, { "": student.params }, gradients, distributionGradientTolerance);
  } finally {
    tape.end();
  }
}

function forward(detector: DistributionDetector, batch: Batch): Forward<tf.Tensor4D[], DenseOut> {
  const features = detector.features(batch.images, "eval");
  return { features, out: detector.predict(features) };
}

async function compareMaps({ golden, report }: GflReplay, prefix: string, { levels }: DenseOut): Promise<void> {
  for (const [level, { classes, boxes, logits }] of levels.entries()) {
    report.compare(prefix, `${prefix}.cls_score.${level}`, await fromNhwc(classes), forwardTolerance);
    report.compare(prefix, `${prefix}.bbox_pred.${level}`, await fromNhwc(boxes), forwardTolerance);
    const raw = `${prefix}.cls_logit.${level}`;
    if (logits && golden.has(raw)) report.compare(prefix, raw, await fromNhwc(logits), forwardTolerance);
  }
}

/** Boxes within 2e-4 of the largest coordinate. Rows that the reference voted to NaN (boxes without area) are not in the file, but were among its best. */
async function replayDetections({ golden, report, student, batch }: GflReplay): Promise<void> {
  const tape = createTape();
  const { out } = tape.noGrad(() => forward(student, batch));
  const { test_cfg, detv_nan_rows_dropped: dropped = [] } = golden.config;
  for (const [name, voting] of [
    ["det", false],
    ["detv", true],
  ] as const) {
    if (golden.names(`${name}.`).length === 0) continue;
    const found = batch.sizes.map(async (_, image) => {
      const perImage = test_cfg.max_per_img - (voting ? (dropped[image] ?? 0) : 0);
      return (await student.detect(out, batch.sizes, { rescale: false, voting, perImage }))[image]!;
    });
    const largest = Math.max(...batch.boxes.map((_, image) => largestOf(golden.take(`${name}.boxes.${image}`).data)));
    compareDetections(golden, report, name, await Promise.all(found), { boxes: 2e-4 * largest, scores: 1e-5 });
  }
  tape.end();
}

async function trainGfl({ golden, report, student, terms, batch }: GflReplay, prefix: string): Promise<void> {
  const { lr, momentum, weight_decay } = golden.config.sgd;
  const optimizer = sgd({ params: student.params, learningRate: () => lr, momentum, weightDecay: weight_decay });
  const group = paramGroup({ params: student.params, optimizer });
  const method = renamed(distill(student, Object.values(terms), [group]), golden.config);
  await replayTrajectory({ golden, report, method, batch, params: { "": student.params }, prefix, others: nothing });
  if (prefix === "traj") await compareParams(golden, report, "after.", student.params);
  optimizer.dispose();
}

/** The method with its losses under the case's names. */
function renamed(method: Method, config: MmConfig): Method {
  return {
    ...method,
    async step(tape, ...rest) {
      const { losses, metrics } = await method.step(tape, ...rest);
      return {
        losses: Object.fromEntries(Object.entries(losses).map(([name, loss]) => [lossName(name, config), loss])),
        metrics,
      };
    },
  };
}

/** The first stage of a teacher assistant chain: `ta.*` learns from `teacher0.*` and must become the second stage's teacher, `teacher.*`. */
async function replayAssistant({ golden, report, batch }: GflReplay): Promise<void> {
  const { config } = golden;
  const assistant = buildGfl(config, config.assistant);
  await loadParams(assistant.params, caseParams(golden, "ta."));
  const teacher = buildGfl(config, config.teacher0);
  await loadParams(teacher.params, caseParams(golden, "teacher0."));
  const terms = ldTerms(config, config.assistant, assistant, teacher);
  await trainGfl({ golden, report, student: assistant, teacher, terms, batch }, "traj_ta");
  await compareParams(golden, report, "teacher.", assistant.params);
  for (const network of [assistant, teacher]) disposeParams(network.params);
}
