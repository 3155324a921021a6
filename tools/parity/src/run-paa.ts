import { loadParams } from "@lad/checkpoints";
import type { Assignment } from "@lad/core";
import type { DenseOut, Paa } from "@lad/detectors";
import { distill } from "@lad/distill";
import { type Batch, createTape, disposeParams, type Losses, type Tape, trainableVariables } from "@lad/tensor";
import { paramGroup, sgd } from "@lad/train";
import { buildPaa } from "./build-mm";
import { compareAssignment } from "./compare-assignment";
import { compareDetections } from "./compare-detections";
import { compareGradients } from "./compare-gradients";
import { compareSoftLabels } from "./compare-soft-labels";
import type { CaseOptions } from "./families";
import type { GoldenCase } from "./golden-case";
import { fromNhwc, scalar } from "./layout";
import { mmBatch } from "./mm-batch";
import { mmTerms, softLabelsOf } from "./mm-terms";
import { replayTrajectory } from "./replay-trajectory";
import type { Report } from "./report";
import { forwardTolerance, gradientTolerance, lossTolerance, withUncertainty } from "./tolerance";

/** The PAA families with one student: labels by itself or by a teacher, soft labels beside them or alone. */
export async function runPaa(golden: GoldenCase, report: Report, options: CaseOptions): Promise<void> {
  const student = buildPaa(golden.config);
  await loadParams(student.params, golden.takeAll("param."));
  const teacher = golden.config.model.teacher_bbox_head ? buildPaa(golden.config, "teacher_") : undefined;
  if (teacher) await loadParams(teacher.params, teacherRecord(golden));
  const batch = mmBatch(golden);
  await replayStep({ golden, report, student, teacher, batch });
  await replayDetections(golden, report, student, batch);
  if (options.trajectory) {
    const { lr, momentum, weight_decay } = golden.config.sgd;
    const optimizer = sgd({ params: student.params, learningRate: () => lr, momentum, weightDecay: weight_decay });
    const group = paramGroup({ params: student.params, optimizer });
    const method = distill(student, mmTerms(golden.config, student, teacher), [group]);
    const prefixed = { "": student.params, ...(teacher && { teacher_: teacher.params }) };
    await replayTrajectory({ golden, report, method, batch, params: prefixed });
    optimizer.dispose();
  } else excludeTrajectory(golden);
  batch.images.dispose();
  for (const network of [student, teacher]) if (network) disposeParams(network.params);
}

type Replay = { readonly golden: GoldenCase; readonly report: Report; readonly student: Paa; readonly batch: Batch };

async function replayStep({
  golden,
  report,
  student,
  teacher,
  batch,
}: Replay & { readonly teacher: Paa | undefined }): Promise<void> {
  const uncertainty = golden.config.fp64_check ?? {};
  const tape = createTape();
  try {
    const features = tape.run(() => student.features(batch.images, "train"));
    const out = tape.run(() => student.predict(features));
    const taught = teacher && tape.noGrad(() => teacher.predict(teacher.features(batch.images, "eval")));
    for (const [level, map] of features.entries()) {
      report.compare(
        "features",
        `feat.${level}`,
        await fromNhwc(map),
        withUncertainty(forwardTolerance, uncertainty.out_rel),
      );
    }
    await compareOut(golden, report, "out", out);
    if (taught) await compareOut(golden, report, "teacher.out", taught);
    const losses = await replayLosses({ golden, report, student, teacher, batch, tape, out, taught });
    compareLosses(golden, report, losses);
    const gradients = tape.gradients(losses, trainableVariables(student.params));
    await compareGradients(
      golden,
      report,
      { "": student.params },
      gradients,
      withUncertainty(gradientTolerance, uncertainty.grad_rel),
    );
  } finally {
    tape.end();
  }
}

type LossReplay = Replay & {
  readonly teacher: Paa | undefined;
  readonly tape: Tape;
  readonly out: DenseOut;
  readonly taught: DenseOut | undefined;
};

/** Losses of the student's own head (unless the case has none) and of soft labels (if it has them), with what they are made of. */
async function replayLosses({
  golden,
  report,
  student,
  teacher,
  batch,
  tape,
  out,
  taught,
}: LossReplay): Promise<Losses> {
  const soft = softLabelsOf(golden.config, student, teacher);
  const losses: Record<string, Losses[string]> = {};
  if (soft?.base !== "drop") {
    const assigned = await compareAssignment({
      golden,
      report,
      detector: teacher ?? student,
      out: taught ?? out,
      batch,
    });
    const targets: Assignment = teacher ? { ...assigned, boxWeighting: "none" } : assigned;
    Object.assign(
      losses,
      tape.run(() => student.loss(out, targets, batch)),
    );
  }
  if (soft && teacher && taught) {
    const context = {
      batch,
      at: progress,
      student: { features: undefined, out },
      of: () => ({ out: taught }) as never,
    };
    const kept = await soft.prepare!(context, undefined);
    await compareSoftLabels({ golden, report, student, teacher, batch, out, taught, kept });
    Object.assign(
      losses,
      tape.run(() => soft.loss!(context, undefined, kept)),
    );
  }
  return losses;
}

const progress = { iteration: 0, epoch: 0, iterations: 1, epochs: 1 };

export async function compareOut(golden: GoldenCase, report: Report, prefix: string, out: DenseOut): Promise<void> {
  const tolerance = withUncertainty(forwardTolerance, golden.config.fp64_check?.out_rel);
  for (const [level, maps] of out.levels.entries()) {
    report.compare(prefix, `${prefix}.cls.${level}`, await fromNhwc(maps.classes), tolerance);
    report.compare(prefix, `${prefix}.bbox.${level}`, await fromNhwc(maps.boxes), tolerance);
    if (maps.quality) report.compare(prefix, `${prefix}.iou.${level}`, await fromNhwc(maps.quality), tolerance);
  }
}

export function compareLosses(golden: GoldenCase, report: Report, losses: Losses): void {
  const tolerance = withUncertainty(lossTolerance, golden.config.fp64_check?.loss_rel);
  let total = 0;
  for (const [name, loss] of Object.entries(losses)) {
    const value = loss.dataSync()[0]!;
    total += value;
    report.compare("losses", `loss.${name}`, scalar(value), tolerance);
  }
  report.compare("losses", "loss.total", scalar(total), tolerance);
}

/** `prefix` and `<prefix>_novote` of the file, if it has them, from a forward pass in mode `eval`. */
export async function replayDetections(
  golden: GoldenCase,
  report: Report,
  detector: Paa,
  batch: Batch,
  prefix = "det",
): Promise<void> {
  const tape = createTape();
  const out = tape.noGrad(() => detector.predict(detector.features(batch.images, "eval")));
  for (const [name, voting] of [
    [prefix, true],
    [`${prefix}_novote`, false],
  ] as const) {
    if (golden.names(`${name}.`).length === 0) continue;
    const detections = await detector.detect(out, batch.sizes, { rescale: false, ...(!voting && { voting }) });
    const maxdiff = golden.config.fp64_check?.[`${name}_maxdiff`] ?? 0;
    compareDetections(golden, report, name, detections, { boxes: Math.max(1e-3, 5 * maxdiff), scores: 1e-5 });
  }
  tape.end();
}

export function teacherRecord(golden: GoldenCase) {
  const networks = ["backbone", "neck", "bbox_head"];
  return Object.fromEntries(
    networks.flatMap((network) =>
      Object.entries(golden.takeAll(`teacher.${network}.`)).map(([name, value]) => [`${network}.${name}`, value]),
    ),
  );
}

/** The trajectory is replayed on the fastest engine only: the runner says so when it is left out. */
export function excludeTrajectory(golden: GoldenCase): void {
  for (const prefix of ["traj", "after.", "ta.", "teacher0."])
    for (const name of golden.names(prefix)) golden.exclude(name);
}
