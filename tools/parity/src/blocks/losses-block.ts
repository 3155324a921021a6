import type { NdArray, TypedArray } from "@lad/core";
import { binaryCrossEntropyWithLogits, focalKl, giouLoss, probabilityFocalLoss, sigmoidFocalLoss } from "@lad/losses";
import { createTape } from "@lad/tensor";
import * as tf from "@tensorflow/tfjs-core";
import type { GoldenCase } from "../golden-case";
import { toHost } from "../layout";
import type { Report } from "../report";
import { forwardTolerance, gradientTolerance, lossTolerance } from "../tolerance";

type Loss = (input: tf.Tensor) => tf.Tensor;

/** Focal, probability focal, focal KL, GIoU and BCE: values, averages and gradients of the averages. */
export async function lossesBlock(golden: GoldenCase, report: Report): Promise<void> {
  const { alpha, gamma, avg_factor, loss_weight, bce, giou } = golden.config;
  const labels = Int32Array.from(golden.take("in.labels").data);
  const weights = Float32Array.from(golden.take("in.weights").data);
  const column = tf.tensor2d(weights, [weights.length, 1]);
  const tensor = (name: string) => fromHost(golden.take(name));
  const probe = { golden, report };
  const average = { weight: loss_weight / avg_factor, noneFactor: loss_weight };

  const focal: Loss = (x) => sigmoidFocalLoss(x as tf.Tensor2D, labels, { alpha, gamma, reduction: "none" });
  await compareLoss({
    ...probe,
    ...average,
    name: "focal",
    input: tensor("in.logits"),
    loss: focal,
    rows: column,
    gradient: "grad_logits",
  });
  const probability: Loss = (x) => probabilityFocalLoss(x as tf.Tensor2D, labels, { alpha, gamma, reduction: "none" });
  await compareLoss({
    ...probe,
    ...average,
    name: "prob_focal",
    input: tensor("in.probs"),
    loss: probability,
    rows: column,
    gradient: "grad_probs",
  });

  const target = tensor("in.kl_target");
  for (const name of new Set(golden.names("kl_").map((key) => key.split(".").slice(0, -1).join(".")))) {
    const form = name.startsWith("kl_logit") ? "logit" : "probability";
    const power = Number(name.split("_g")[1]);
    const input = tf.tidy(() =>
      tf.reshape(form === "logit" ? tf.mul(tensor("in.logits"), 0.5) : tensor("in.probs"), [-1]),
    );
    const loss: Loss = (x) => focalKl(x, target, { gamma: power, form });
    await compareLoss({ ...probe, ...average, name, input, loss, gradient: "grad" });
  }

  const boxes = tensor("in.boxes_target") as tf.Tensor2D;
  const overlap: Loss = (x) => giouLoss(x as tf.Tensor2D, boxes, { eps: giou.eps });
  const sum = weights.reduce((total, weight) => total + weight, 0);
  const row = tf.tensor1d(weights);
  await compareLoss({
    ...probe,
    name: "giou",
    input: tensor("in.boxes_pred"),
    loss: overlap,
    rows: row,
    weight: giou.loss_weight / sum,
    noneFactor: giou.loss_weight,
    gradient: "grad",
  });
  const unweighted = tf.tidy(() => tf.mul(tf.mean(overlap(tensor("in.boxes_pred"))), giou.loss_weight));
  report.compare("giou", "giou.mean_unweighted", await toHost(unweighted), lossTolerance);
  const zero = tf.tidy(() => tf.sum(tf.mul(overlap(tensor("in.boxes_pred")), tf.zerosLike(row))));
  report.compare("giou", "giou.zero_weight", await toHost(zero), lossTolerance);

  const bceTarget = tensor("in.bce_target");
  const logits = tf.tidy(() => tf.slice(tensor("in.logits") as tf.Tensor2D, [0, 0], [-1, 1]));
  const entropy: Loss = (x) => binaryCrossEntropyWithLogits(x, bceTarget);
  await compareLoss({
    ...probe,
    name: "bce",
    input: logits,
    loss: entropy,
    weight: bce.loss_weight / bce.avg_factor,
    gradient: "grad",
  });
  if (golden.has("focal.mean_noavg")) {
    const plain = tf.tidy(() => tf.mul(tf.mean(tf.mul(focal(tensor("in.logits")), column)), loss_weight));
    report.compare("focal", "focal.mean_noavg", await toHost(plain), lossTolerance);
  }
}

type LossProbe = {
  readonly golden: GoldenCase;
  readonly report: Report;
  readonly name: string;
  readonly input: tf.Tensor;
  readonly loss: Loss;
  /** Weights of rows. */
  readonly rows?: tf.Tensor;
  /** Factor of the weighted sum in `<name>.mean`. */
  readonly weight: number;
  /** Factor of the weighted values in `<name>.none`. */
  readonly noneFactor?: number;
  /** What the case calls the gradient of the mean. */
  readonly gradient: string;
};

async function compareLoss({
  golden,
  report,
  name,
  input,
  loss,
  rows,
  weight,
  noneFactor = 1,
  gradient,
}: LossProbe): Promise<void> {
  const variable = tf.variable(input);
  const tape = createTape();
  try {
    const { each, mean } = tape.run(() => {
      const values = loss(variable);
      const weighted = rows ? tf.mul(values, rows) : values;
      return { each: tf.mul(weighted, noneFactor), mean: tf.mul(tf.sum(weighted), weight) };
    });
    if (golden.has(`${name}.none`)) report.compare(name, `${name}.none`, await toHost(each), forwardTolerance);
    report.compare(name, `${name}.mean`, await toHost(mean), lossTolerance);
    const gradients = tape.gradients({ mean }, [variable]);
    report.compare(name, `${name}.${gradient}`, await toHost(gradients.get(variable)!), gradientTolerance);
  } finally {
    tape.end();
    tf.dispose([variable, input]);
  }
}

function fromHost({ data, shape }: NdArray<TypedArray>): tf.Tensor {
  return tf.tensor(Float32Array.from(data), shape as number[]);
}
