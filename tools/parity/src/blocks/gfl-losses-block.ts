import { decodeDistances, encodeDistances, type IouMode, pairwiseIou } from "@lad/boxes";
import { type NdArray, ndArray, type TypedArray } from "@lad/core";
import {
  ciouLoss,
  diouLoss,
  distillationKl,
  distributionFocalLoss,
  giouLoss,
  imitationLoss,
  iouLoss,
  qualityFocalLoss,
} from "@lad/losses";
import { softmaxExpectation } from "@lad/nn";
import { createTape } from "@lad/tensor";
import * as tf from "@tensorflow/tfjs-core";
import type { GoldenCase } from "../golden-case";
import { toHost } from "../layout";
import type { Report } from "../report";
import { exact, forwardTolerance, gradientTolerance, lossTolerance } from "../tolerance";

type Rows = (input: tf.Tensor2D) => tf.Tensor;
type Probe = {
  readonly input: string;
  /** Loss of each row, not weighted. */
  readonly rows: Rows;
  /** Name of the rows' weights. */
  readonly weights?: string;
  readonly lossWeight: number;
  readonly averageFactor: number;
};

// what the cases leave unsaid: normalisers, weights, the image that boxes are clipped to
const qualityAverage = 7;
const sideAverage = 4;
const image = { height: 80, width: 90 };

/** The losses of GFocal and LD with their gradients, the integral, conversions of distances, and overlaps. */
export async function gflLossesBlock(golden: GoldenCase, report: Report): Promise<void> {
  const part = { golden, report };
  await qualityLosses(part);
  await sideLosses(part);
  await boxLosses(part);
  await integral(part);
  distances(part);
}

type Part = { readonly golden: GoldenCase; readonly report: Report };

async function qualityLosses(part: Part): Promise<void> {
  const labels = Int32Array.from(part.golden.take("qfl.label").data);
  const scores = Float32Array.from(part.golden.take("qfl.score").data);
  const shared = { weights: "qfl.weight", averageFactor: qualityAverage };
  const loss =
    (beta: number, form: "logit" | "probability"): Rows =>
    (x) =>
      qualityFocalLoss(x, labels, scores, { beta, form, reduction: "none" });
  await compareLoss(part, "qfl.b2", { ...shared, input: "qfl.pred", rows: loss(2, "logit"), lossWeight: 1 });
  await compareLoss(part, "qfl.b15", { ...shared, input: "qfl.pred", rows: loss(1.5, "logit"), lossWeight: 0.7 });
  await compareLoss(part, "qfl.prob", {
    ...shared,
    input: "qfl.prob.pred",
    rows: loss(2, "probability"),
    lossWeight: 1,
  });
}

async function sideLosses(part: Part): Promise<void> {
  const { golden, report } = part;
  const targets = Float32Array.from(golden.take("dfl.target").data);
  const shared = { averageFactor: sideAverage, lossWeight: 0.25 };
  await compareLoss(part, "dfl", {
    ...shared,
    input: "dfl.pred",
    weights: "dfl.weight",
    rows: (x) => distributionFocalLoss(x, targets, { reduction: "none" }),
  });
  const soft = fromHost(golden.take("kd.soft"));
  for (const name of new Set(golden.names("kd.T").map((key) => key.split(".").slice(0, 2).join(".")))) {
    const temperature = Number(name.slice("kd.T".length));
    const rows: Rows = (x) => distillationKl(x, soft, { temperature, reduction: "none" });
    await compareLoss(part, name, { ...shared, input: "kd.pred", weights: "kd.weight", rows });
    const mean = tf.tidy(() => tf.mul(tf.mean(rows(fromHost(golden.take("kd.pred")))), shared.lossWeight));
    report.compare(name, `${name}.mean_noweight`, await toHost(mean), lossTolerance);
  }
  const teacher = fromHost(golden.take("im.target"));
  const imitation: Rows = (x) => imitationLoss(x, teacher);
  await compareLoss(part, "im", { input: "im.x", rows: imitation, lossWeight: 2, averageFactor: 1 });
}

async function boxLosses(part: Part): Promise<void> {
  const { golden, report } = part;
  const target = fromHost(golden.take("box.target"));
  const losses = { iou: iouLoss, giou: giouLoss, diou: diouLoss, ciou: ciouLoss };
  for (const [name, loss] of Object.entries(losses)) {
    const rows: Rows = (x) => loss(x, target);
    await compareLoss(part, `box.${name}`, {
      input: "box.pred",
      weights: "box.weight",
      rows,
      lossWeight: 2,
      averageFactor: 1,
    });
  }
  const modes: Record<string, IouMode> = { iou: "iou", iof: "iof", giou: "giou", diou: "diouOverFirst" };
  const [predicted, wanted] = [golden.take("box.pred") as NdArray, golden.take("box.target") as NdArray];
  for (const [name, mode] of Object.entries(modes)) {
    const columns = golden.take(`overlap.${name}`).shape[1]!;
    const some = ndArray(wanted.data.slice(0, columns * 4), [columns, 4]);
    report.compare("overlap", `overlap.${name}`, pairwiseIou(predicted, some, { mode }), forwardTolerance);
  }
}

async function integral({ golden, report }: Part): Promise<void> {
  const x = tf.variable(fromHost(golden.take("integral.x")));
  const [rows, width] = x.shape as [number, number];
  const upstream = fromHost(golden.take("integral.upstream"));
  const tape = createTape();
  const out = tape.run(() => tf.reshape(softmaxExpectation(tf.reshape(x, [rows * 4, width / 4])), [rows, 4]));
  report.compare("integral", "integral.out", await toHost(out), forwardTolerance);
  const loss = tape.run(() => tf.sum(tf.mul(out, upstream)));
  const gradient = tape.gradients({ loss }, [x]).get(x)!;
  report.compare("integral", "integral.grad", await toHost(gradient), gradientTolerance);
  tape.end();
  x.dispose();
}

function distances({ golden, report }: Part): void {
  const points = golden.take("d2b.points") as NdArray;
  const given = golden.take("d2b.distance") as NdArray;
  report.compare("distances", "d2b.out", decodeDistances(points, given), exact);
  report.compare("distances", "d2b.out_clip", decodeDistances(points, given, image), exact);
  const boxes = golden.take("b2d.bbox") as NdArray;
  report.compare("distances", "b2d.out", encodeDistances(points, boxes), exact);
  const most = golden.config.reg_max - 0.1;
  report.compare("distances", "b2d.out_max", encodeDistances(points, boxes, most), exact);
}

/** `<name>.none`: rows times the loss weight; `<name>.loss`: their weighted sum over the average factor; `<name>.grad`: its gradient. */
async function compareLoss(
  { golden, report }: Part,
  name: string,
  { input, rows, weights, lossWeight, averageFactor }: Probe,
): Promise<void> {
  const variable = tf.variable(fromHost(golden.take(input)));
  const factors = weights ? tf.tensor1d(Float32Array.from(golden.take(weights).data)) : tf.scalar(1);
  const tape = createTape();
  try {
    const { each, loss } = tape.run(() => {
      const values = tf.mul(rows(variable as tf.Tensor as tf.Tensor2D), lossWeight);
      return { each: values, loss: tf.div(tf.sum(tf.mul(values, factors)), averageFactor) };
    });
    if (golden.has(`${name}.none`)) report.compare(name, `${name}.none`, await toHost(each), forwardTolerance);
    report.compare(name, `${name}.loss`, await toHost(loss), lossTolerance);
    const gradient = tape.gradients({ loss }, [variable]).get(variable)!;
    report.compare(name, `${name}.grad`, await toHost(gradient), gradientTolerance);
  } finally {
    tape.end();
    tf.dispose([variable, factors]);
  }
}

function fromHost({ data, shape }: NdArray<TypedArray>): tf.Tensor2D {
  return tf.tensor2d(Float32Array.from(data), shape as [number, number]);
}
