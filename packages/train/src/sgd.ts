import { LadError } from "@lad/core";
import type { Optimizer, Params } from "@lad/tensor";
import { fusedKernel } from "@lad/tensor";
import * as tf from "@tensorflow/tfjs-core";
import { checkedRate } from "./checked-rate";
import { optimizerSlots } from "./optimizer-slots";
import type { Schedule } from "./step-schedule";

export type SgdOptions = {
  readonly params: Params;
  readonly learningRate: Schedule;
  readonly momentum?: number;
  /** Added to the gradient as `weightDecay · weight`, on norms and biases too. */
  readonly weightDecay?: number;
  readonly nesterov?: boolean;
};

/**
 * Stochastic gradient descent as torch.optim.SGD: `d = g + weightDecay · w`, `v = momentum · v + d` (the first time `v = d`),
 * `w -= learningRate · v` (Nesterov: `d + momentum · v`). Parameters that are not trainable, or have no gradient in a step, are left alone:
 * no decay, no momentum. Its state is the momentum by parameter name, as it lies in memory.
 * @throws {LadError} INVALID_ARGUMENT for coefficients outside their domain, or in `step` for a learning rate that is not a finite number ≥ 0;
 *   CHECKPOINT_MISMATCH if a state is loaded that belongs to other parameters.
 */
export function sgd({
  params,
  learningRate,
  momentum = 0.9,
  weightDecay = 1e-4,
  nesterov = false,
}: SgdOptions): Optimizer {
  checkCoefficients(momentum, weightDecay, nesterov);
  const velocities = optimizerSlots("sgd", "momentum", params);
  const trained = [...params].filter(([, { kind }]) => kind === "trainable");
  return {
    learningRate,
    step: (gradients, at) => {
      const rate = checkedRate("sgd", learningRate, at);
      const descend = chooseStep();
      for (const [name, { variable }] of trained) {
        const gradient = gradients.get(variable);
        if (!gradient) continue;
        tf.tidy(() => {
          const given = { weight: variable, gradient, velocity: velocities.get(name) };
          const [weight, velocity] = descend(given, { rate, momentum, decay: weightDecay, nesterov });
          variable.assign(weight);
          if (momentum !== 0) velocities.replace(name, velocity);
        });
      }
    },
    state: { save: velocities.save, load: velocities.load },
    dispose: velocities.dispose,
  };
}

type Coefficients = {
  readonly rate: number;
  readonly momentum: number;
  readonly decay: number;
  readonly nesterov: boolean;
};
type Given = { readonly weight: tf.Tensor; readonly gradient: tf.Tensor; readonly velocity: tf.Tensor | undefined };
/** The new weight and velocity. The old ones are given away: both are to be replaced by what is returned. */
type Step = (given: Given, coefficients: Coefficients) => [tf.Tensor, tf.Tensor];

/** By the engine's own kernel, which may write over the old memory, or composed. */
function chooseStep(): Step {
  const kernel = fusedKernel("LadSgd");
  if (!kernel) return composed;
  return ({ weight, gradient, velocity }, coefficients) =>
    kernel({ weight, gradient, ...(velocity && { velocity }) }, coefficients) as ReturnType<Step>;
}

function composed({ weight, gradient, velocity: before }: Given, of: Coefficients): ReturnType<Step> {
  const decayed = of.decay === 0 ? gradient : tf.add(gradient, tf.mul(weight, of.decay));
  const velocity = before ? tf.add(tf.mul(before, of.momentum), decayed) : tf.clone(decayed);
  const direction = of.nesterov ? tf.add(decayed, tf.mul(velocity, of.momentum)) : velocity;
  return [tf.sub(weight, tf.mul(direction, of.rate)), velocity];
}

function checkCoefficients(momentum: number, weightDecay: number, nesterov: boolean): void {
  const valid = momentum >= 0 && momentum < 1 && weightDecay >= 0 && Number.isFinite(weightDecay);
  if (!valid)
    throw new LadError(
      "INVALID_ARGUMENT",
      `sgd: momentum must be in [0, 1) and weightDecay finite and ≥ 0, got ${momentum} and ${weightDecay}`,
    );
  if (nesterov && momentum === 0)
    throw new LadError("INVALID_ARGUMENT", "sgd: nesterov needs a momentum above 0, got 0");
}
