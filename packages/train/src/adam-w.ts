import { LadError, type NdRecord, ndArray } from "@lad/core";
import type { Optimizer, Params } from "@lad/tensor";
import { fusedKernel } from "@lad/tensor";
import * as tf from "@tensorflow/tfjs-core";
import { checkedRate } from "./checked-rate";
import { optimizerSlots } from "./optimizer-slots";
import type { Schedule } from "./step-schedule";

export type AdamWOptions = {
  readonly params: Params;
  readonly learningRate: Schedule;
  /** Shares of the old first and second moments. */
  readonly betas?: readonly [number, number];
  /** Added to the root of the second moment. */
  readonly eps?: number;
  /** Weights shrink by `learningRate · weightDecay` a step, apart from the gradient; norms and biases too. */
  readonly weightDecay?: number;
};

/**
 * AdamW as torch.optim.AdamW: `w *= 1 − learningRate · weightDecay`, `m = β₁ · m + (1 − β₁) · g`, `s = β₂ · s + (1 − β₂) · g²`,
 * `w -= learningRate · (m / (1 − β₁ᵗ)) / (√(s / (1 − β₂ᵗ)) + eps)`, t the steps of the parameter itself. Parameters that are not trainable, or have no
 * gradient in a step, are left alone: no decay, and t does not move. Its state is m, s and t by parameter name: `mean/…`, `square/…`, `steps/…`.
 * @throws {LadError} INVALID_ARGUMENT for coefficients outside their domain, or in `step` for a learning rate that is not a finite number ≥ 0;
 *   CHECKPOINT_MISMATCH if a state is loaded that belongs to other parameters or another optimiser.
 * @see arXiv:1711.05101 Alg. 2
 */
export function adamW({
  params,
  learningRate,
  betas = [0.9, 0.999],
  eps = 1e-8,
  weightDecay = 0.01,
}: AdamWOptions): Optimizer {
  checkCoefficients(betas, eps, weightDecay);
  const [beta1, beta2] = betas;
  const moments = {
    mean: optimizerSlots("adamW", "first moment", params),
    square: optimizerSlots("adamW", "second moment", params),
  };
  const steps = new Map<string, number>();
  const trained = [...params].filter(([, { kind }]) => kind === "trainable");
  return {
    learningRate,
    step: (gradients, at) => {
      const rate = checkedRate("adamW", learningRate, at);
      const descend = chooseStep();
      for (const [name, { variable }] of trained) {
        const gradient = gradients.get(variable);
        if (!gradient) continue;
        const count = (steps.get(name) ?? 0) + 1;
        const coefficients = {
          beta1,
          beta2,
          eps,
          shrink: 1 - rate * weightDecay,
          rate: rate / (1 - beta1 ** count),
          correction: Math.sqrt(1 - beta2 ** count),
        };
        tf.tidy(() => {
          const given = { weight: variable, gradient, mean: moments.mean.get(name), square: moments.square.get(name) };
          const [weight, mean, square] = descend(given, coefficients);
          variable.assign(weight);
          moments.mean.replace(name, mean);
          moments.square.replace(name, square);
        });
        steps.set(name, count);
      }
    },
    state: {
      save: async () => ({
        ...renamed(await moments.mean.save(), (name) => `mean/${name}`),
        ...renamed(await moments.square.save(), (name) => `square/${name}`),
        ...Object.fromEntries([...steps].map(([name, count]) => [`steps/${name}`, ndArray(Int32Array.of(count), [])])),
      }),
      load: (record) => {
        const [mean, square, counts] = ["mean/", "square/", "steps/"].map((prefix) => section(record, prefix)) as [
          NdRecord,
          NdRecord,
          NdRecord,
        ];
        checkState(record, mean, square, counts);
        moments.mean.load(mean);
        moments.square.load(square);
        steps.clear();
        for (const [name, { data }] of Object.entries(counts)) steps.set(name, data[0]!);
      },
    },
    dispose: () => {
      moments.mean.dispose();
      moments.square.dispose();
      steps.clear();
    },
  };
}

type Coefficients = Readonly<Record<"beta1" | "beta2" | "eps" | "shrink" | "rate" | "correction", number>>;
type Given = {
  readonly weight: tf.Tensor;
  readonly gradient: tf.Tensor;
  readonly mean: tf.Tensor | undefined;
  readonly square: tf.Tensor | undefined;
};
/** The new weight and moments. The old ones are given away: all are to be replaced by what is returned. */
type Step = (given: Given, coefficients: Coefficients) => [tf.Tensor, tf.Tensor, tf.Tensor];

/** By the engine's own kernel, which may write over the old memory, or composed. */
function chooseStep(): Step {
  const kernel = fusedKernel("LadAdamW");
  if (!kernel) return composed;
  return ({ weight, gradient, mean, square }, coefficients) =>
    kernel({ weight, gradient, ...(mean && square ? { mean, square } : {}) }, coefficients) as ReturnType<Step>;
}

function composed({ weight, gradient, ...before }: Given, of: Coefficients): ReturnType<Step> {
  const moved = (old: tf.Tensor | undefined, beta: number, fresh: tf.Tensor) => {
    const own = tf.mul(fresh, 1 - beta);
    return old ? tf.add(tf.mul(old, beta), own) : own;
  };
  const mean = moved(before.mean, of.beta1, gradient);
  const square = moved(before.square, of.beta2, tf.square(gradient));
  const direction = tf.div(mean, tf.add(tf.div(tf.sqrt(square), of.correction), of.eps));
  return [tf.sub(tf.mul(weight, of.shrink), tf.mul(direction, of.rate)), mean, square];
}

function renamed(record: NdRecord, rename: (name: string) => string): NdRecord {
  return Object.fromEntries(Object.entries(record).map(([name, array]) => [rename(name), array]));
}

function section(record: NdRecord, prefix: string): NdRecord {
  const entries = Object.entries(record).filter(([name]) => name.startsWith(prefix));
  return Object.fromEntries(entries.map(([name, array]) => [name.slice(prefix.length), array]));
}

/** Every parameter has both moments and its count, and nothing else is there. */
function checkState(record: NdRecord, mean: NdRecord, square: NdRecord, counts: NdRecord): void {
  const names = Object.keys(mean);
  const odd = [
    ...Object.keys(record).filter((key) => !/^(mean|square|steps)\//.test(key)),
    ...names.filter((name) => !square[name] || !(counts[name] && counts[name].data[0]! >= 1)),
    ...[...Object.keys(square), ...Object.keys(counts)].filter((name) => !mean[name]),
  ];
  if (odd.length > 0)
    throw new LadError(
      "CHECKPOINT_MISMATCH",
      `adamW: a state has mean/, square/ and steps/ of every parameter, this one is odd at ${odd[0]}; it belongs to another optimiser`,
    );
}

function checkCoefficients(betas: readonly [number, number], eps: number, weightDecay: number): void {
  const valid = betas.every((beta) => beta >= 0 && beta < 1) && eps > 0 && weightDecay >= 0;
  if (!valid || !Number.isFinite(weightDecay) || !Number.isFinite(eps))
    throw new LadError(
      "INVALID_ARGUMENT",
      `adamW: betas must be in [0, 1), eps > 0 and weightDecay finite and ≥ 0, got [${betas}], ${eps} and ${weightDecay}`,
    );
}
