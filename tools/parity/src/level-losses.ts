import type { Assignment } from "@lad/core";
import { ndArray } from "@lad/core";
import type { ImitatedCells, LocalizationRegion } from "@lad/distill";
import type { Losses } from "@lad/tensor";
import * as tf from "@tensorflow/tfjs-core";
import { type LdStep, lossName, termContext } from "./ld-losses";
import { forwardTolerance } from "./tolerance";

type Range = { readonly level: number; readonly start: number; readonly end: number; readonly anchors: number };

/**
 * `loss_lvl.<loss>`: what every pyramid level contributes. Losses are sums over anchors, so a level's part is the loss with everything outside the level
 * silenced; box losses are divided by the weights' sum over all levels.
 */
export async function levelLosses(step: LdStep): Promise<void> {
  const { golden, report, tape, own } = step;
  const sizes = own.out.levels.map(({ classes: { shape } }) => shape[1] * shape[2]);
  const anchors = sizes.reduce((sum, size) => sum + size, 0);
  const parts = new Map<string, number[]>();
  let start = 0;
  for (const [level, size] of sizes.entries()) {
    const range = { level, start, end: start + size, anchors };
    start += size;
    const losses = await ofLevel(step, range);
    const values = tape.noGrad(() =>
      Object.entries(losses).map(([name, loss]) => [name, loss.dataSync()[0]!] as const),
    );
    for (const [name, value] of values) parts.set(name, [...(parts.get(name) ?? []), value]);
  }
  for (const [name, values] of parts) {
    const actual = ndArray(Float32Array.from(values), [values.length]);
    report.compare("level losses", `loss_lvl.${lossName(name, golden.config)}`, actual, forwardTolerance);
  }
}

async function ofLevel(step: LdStep, range: Range): Promise<Losses> {
  const { student, terms, tape, own, batch, targets } = step;
  const silenced = onLevel(targets, range);
  const losses: Record<string, Losses[string]> = { ...tape.noGrad(() => student.loss(own.out, silenced, batch)) };
  const share = boxWeight(step, silenced) / boxWeight(step, targets);
  for (const name of ["loss_bbox", "loss_dfl"]) {
    losses[name] = tape.noGrad(() => tf.mul(losses[name]!, Number.isFinite(share) ? share : 0) as tf.Scalar);
  }
  const context = termContext(step);
  const within = (row: number) => row % range.anchors >= range.start && row % range.anchors < range.end;
  const { localization, classes, region, imitation } = terms;
  for (const term of [localization, classes])
    if (term?.loss)
      Object.assign(
        losses,
        tape.noGrad(() => term.loss!(context, silenced, undefined)),
      );
  if (region) {
    const prepared = regionOnLevel(await region.prepare!(context, targets), within);
    Object.assign(
      losses,
      tape.noGrad(() => region.loss!(context, targets, prepared)),
    );
  }
  if (imitation) {
    const cells: ImitatedCells = (await imitation.prepare!(context, targets)).map((rows, level) =>
      level === range.level ? rows : new Int32Array(0),
    );
    Object.assign(
      losses,
      tape.noGrad(() => imitation.loss!(context, targets, cells)),
    );
  }
  return losses;
}

/** The assignment with every anchor outside a level ignored. */
function onLevel(targets: Assignment, { start, end, anchors }: Range): Assignment {
  const background = Math.max(...targets.labels);
  const within = (row: number) => row % anchors >= start && row % anchors < end;
  return {
    ...targets,
    labels: targets.labels.map((label, row) => (within(row) ? label : background)),
    labelWeights: targets.labelWeights.map((weight, row) => (within(row) ? weight : 0)),
    matchedGt: targets.matchedGt.map((gt, row) => (within(row) ? gt : -1)),
  };
}

/** Sum of the positives' best class probabilities. */
function boxWeight({ student, own }: LdStep, { matchedGt }: Assignment): number {
  return tf.tidy(() => {
    const classes = tf.concat([...student.classes(own.out)], 1);
    const best = tf.reshape(tf.max(student.classForm === "logits" ? tf.sigmoid(classes) : classes, 2), [-1]).dataSync();
    return Float32Array.from(best).reduce((sum, value, row) => (matchedGt[row]! >= 0 ? sum + value : sum), 0);
  });
}

function regionOnLevel({ rows, weights }: LocalizationRegion, within: (row: number) => boolean): LocalizationRegion {
  const kept = [...rows.keys()].filter((at) => within(rows[at]!));
  return {
    rows: Int32Array.from(kept, (at) => rows[at]!),
    ...(weights && { weights: Float32Array.from(kept, (at) => weights[at]!) }),
  };
}
