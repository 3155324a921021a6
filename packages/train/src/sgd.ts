import { LadError } from "@lad/core";
import { fusedKernel } from "@lad/nn";
import type { Optimizer, Params } from "@lad/tensor";
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
  const fused = (name: string, variable: tf.Variable, gradient: tf.Tensor, rate: number): boolean => {
    const kernel = fusedKernel("LadSgd");
    if (!kernel) return false;
    const velocity = velocities.get(name);
    const inputs = { weight: variable, gradient, ...(velocity && { velocity }) };
    const [weight, moved] = kernel(inputs, { rate, momentum, decay: weightDecay, nesterov });
    variable.assign(weight!);
    if (momentum !== 0) velocities.replace(name, moved!);
    return true;
  };
  const composed = (name: string, variable: tf.Variable, gradient: tf.Tensor, scalars: Scalars) => {
    const decayed = weightDecay === 0 ? gradient : tf.add(gradient, tf.mul(variable, scalars.weightDecay));
    const before = velocities.get(name);
    const velocity = before ? tf.add(tf.mul(before, scalars.momentum), decayed) : tf.clone(decayed);
    const direction = nesterov ? tf.add(decayed, tf.mul(velocity, scalars.momentum)) : velocity;
    variable.assign(tf.sub(variable, tf.mul(direction, scalars.rate)));
    if (momentum !== 0) velocities.replace(name, velocity);
  };
  return {
    learningRate,
    step: (gradients, at) => {
      const rate = checkedRate("sgd", learningRate, at);
      tf.tidy(() => {
        const scalars = { rate: tf.scalar(rate), momentum: tf.scalar(momentum), weightDecay: tf.scalar(weightDecay) };
        for (const [name, { variable }] of trained) {
          const gradient = gradients.get(variable);
          if (!gradient) continue;
          tf.tidy(() => fused(name, variable, gradient, rate) || composed(name, variable, gradient, scalars));
        }
      });
    },
    state: { save: velocities.save, load: velocities.load },
    dispose: velocities.dispose,
  };
}

type Scalars = { readonly rate: tf.Scalar; readonly momentum: tf.Scalar; readonly weightDecay: tf.Scalar };

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
