import { chooseCosts, type ImageChoice } from "@lad/assigners";
import { loadParams } from "@lad/checkpoints";
import { type Assignment, ndArray } from "@lad/core";
import type { DenseOut, Paa } from "@lad/detectors";
import { type ColadOptions, colad } from "@lad/distill";
import {
  type Batch,
  createTape,
  disposeParams,
  joinParams,
  type Losses,
  type Method,
  trainableVariables,
} from "@lad/tensor";
import { paramGroup, sgd } from "@lad/train";
import { buildPaa } from "./build-mm";
import { compareAssignment } from "./compare-assignment";
import { paddedChoices } from "./compare-choice";
import { compareGradients } from "./compare-gradients";
import type { CaseOptions } from "./families";
import type { GoldenCase } from "./golden-case";
import { fromNhwc, scalar } from "./layout";
import { mmBatch } from "./mm-batch";
import { replayTrajectory } from "./replay-trajectory";
import type { Report } from "./report";
import { compareLosses, compareOut, excludeTrajectory, replayDetections, teacherRecord } from "./run-paa";
import { exact, forwardTolerance, gradientTolerance, statisticTolerance, withUncertainty } from "./tolerance";

type Networks = { readonly first: Paa; readonly second: Paa };

/** Families `colad` and `colad_fisher`: two networks, one assignment chosen between them. */
export async function runColad(golden: GoldenCase, report: Report, options: CaseOptions): Promise<void> {
  const networks: Networks = { first: buildPaa(golden.config), second: buildPaa(golden.config, "teacher_") };
  const { first, second } = networks;
  await loadParams(first.params, golden.takeAll("param."));
  await loadParams(second.params, teacherRecord(golden));
  const batch = mmBatch(golden);
  const choice: ColadOptions<never, never> = golden.config.fisher ? { criterion: "fisher", granularity: "gt" } : {};
  await replayStep(golden, report, networks, batch, choice);
  await replayDetections(golden, report, first, batch);
  await replayDetections(golden, report, second, batch, "det_t");
  if (options.trajectory) {
    const { lr, momentum, weight_decay } = golden.config.sgd;
    const params = joinParams({ student: first.params, teacher: second.params });
    const optimizer = sgd({ params, learningRate: () => lr, momentum, weightDecay: weight_decay });
    const method = colad(first, second, [paramGroup({ params, optimizer })], choice);
    const choices: (readonly ImageChoice[])[] = [];
    const watched: Method = {
      ...method,
      async step(tape, ...rest) {
        choices.push(await choicesOf(networks, batch, choice));
        return method.step(tape, ...rest);
      },
    };
    await replayTrajectory({
      golden,
      report,
      method: watched,
      batch,
      params: { "": first.params, teacher_: second.params },
      others: /^traj\.choice\./, // not numbers of a step
    });
    compareChoices(golden, report, choices);
    optimizer.dispose();
  } else excludeTrajectory(golden);
  batch.images.dispose();
  for (const network of [first, second]) disposeParams(network.params);
}

async function replayStep(
  golden: GoldenCase,
  report: Report,
  { first, second }: Networks,
  batch: Batch,
  choice: ColadOptions<never, never>,
): Promise<void> {
  const uncertainty = golden.config.fp64_check ?? {};
  const tape = createTape();
  try {
    const features = tape.run(() => first.features(batch.images, "train"));
    for (const [level, map] of features.entries()) {
      report.compare(
        "features",
        `feat.${level}`,
        await fromNhwc(map),
        withUncertainty(forwardTolerance, uncertainty.out_rel),
      );
    }
    const one = tape.run(() => first.predict(features));
    const two = tape.run(() => second.predict(second.features(batch.images, "train")));
    await compareOut(golden, report, "out", one);
    await compareOut(golden, report, "teacher.out", two);
    const assigned = await compareAssignment({
      golden,
      report,
      detector: first,
      out: one,
      batch,
      second: { detector: second, out: two, choice },
    });
    const targets: Assignment = { ...assigned, boxWeighting: "none" };
    const losses = tape.run(() => ({
      ...first.loss(one, targets, batch),
      ...suffixed(second.loss(two, targets, batch)),
    }));
    compareLosses(golden, report, losses);
    const params = { "": first.params, teacher_: second.params };
    const gradients = tape.gradients(losses, Object.values(params).flatMap(trainableVariables));
    await compareGradients(golden, report, params, gradients, withUncertainty(gradientTolerance, uncertainty.grad_rel));
  } finally {
    tape.end();
  }
  await compareMetrics(golden, report, { first, second }, batch, choice);
}

/** `loss.s_mean` and its like: what one step of the method logs. */
async function compareMetrics(
  golden: GoldenCase,
  report: Report,
  { first, second }: Networks,
  batch: Batch,
  choice: ColadOptions<never, never>,
): Promise<void> {
  const tape = createTape();
  const { metrics } = await colad(first, second, [], choice).step(tape, batch, {
    iteration: 0,
    epoch: 0,
    iterations: 1,
    epochs: 1,
  });
  tape.end();
  for (const name of ["s_mean", "s_std", "t_mean", "t_std", "t_ratio"]) {
    if (golden.has(`loss.${name}`))
      report.compare("statistics", `loss.${name}`, scalar(metrics[name] ?? Number.NaN), statisticTolerance);
  }
}

/** Which network the method will let assign what, with its parameters as they are. */
async function choicesOf(
  { first, second }: Networks,
  batch: Batch,
  choice: ColadOptions<never, never>,
): Promise<readonly ImageChoice[]> {
  const tape = createTape();
  const [one, two] = tape.noGrad(() =>
    [first, second].map((network) => network.predict(network.features(batch.images, "train"))),
  ) as [DenseOut, DenseOut];
  const pre = first.preAssign(one, batch);
  const { images } = chooseCosts(pre, await first.costs(one, pre), await second.costs(two, pre), choice);
  tape.end();
  return images;
}

/** `traj.choice.<i>` `[step, …]`. */
function compareChoices(golden: GoldenCase, report: Report, steps: readonly (readonly ImageChoice[])[]): void {
  for (const name of golden.names("traj.choice.")) {
    const image = Number(name.split(".").at(-1));
    const { shape } = golden.take(name);
    const all = steps.flatMap((images) => [...paddedChoices(images[image]!.choices, shape.slice(1)).data]);
    report.compare("trajectory", name, ndArray(Int32Array.from(all), shape), exact);
  }
}

function suffixed(losses: Losses): Losses {
  return Object.fromEntries(Object.entries(losses).map(([name, loss]) => [`${name}_t`, loss]));
}
