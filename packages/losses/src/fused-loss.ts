import { customOp, sharedTensors } from "@lad/nn";
import { fusedKernel } from "@lad/tensor";
import * as tf from "@tensorflow/tfjs-core";
import type { ClassLabels } from "./class-targets";
import { onDevice, type RowLossOptions } from "./row-loss";

/**
 * A loss by the current engine's own kernels `<name>` and `<name>Gradient`, or undefined where it has none: then the caller composes it.
 * The gradient kernel gets `dy` and all tensors again, so that nothing of the predictions' size lives until the backward pass.
 * @param inputs what the loss is differentiated by; the gradient kernel returns their gradients in this order.
 * @param constants makes the other tensors; called where nothing is recorded.
 */
export function fusedLoss(
  name: string,
  inputs: Readonly<Record<string, tf.Tensor>>,
  constants: () => Readonly<Record<string, tf.Tensor>>,
  attributes: Readonly<Record<string, unknown>>,
): tf.Tensor | undefined {
  const [forward, backward] = [fusedKernel(name), fusedKernel(`${name}Gradient`)];
  if (!forward || !backward) return undefined;
  let names: string[] = [];
  return customOp(
    inputs,
    (save) => {
      const given = { ...inputs, ...constants() };
      names = Object.keys(given);
      save(Object.values(given));
      return forward(given, attributes)[0]!;
    },
    (dy, saved) => {
      const given = Object.fromEntries(names.map((each, index) => [each, saved[index]!]));
      const gradients = sharedTensors(() => backward({ dy, ...given }, attributes));
      return Object.fromEntries(Object.keys(inputs).map((each, index) => [each, () => gradients()[index]!]));
    },
  );
}

/** Labels `[N]` as whole numbers on the device; what is on the host is copied. */
export function labelsOnDevice(labels: ClassLabels): tf.Tensor1D {
  return labels instanceof Int32Array ? tf.tensor1d(labels.slice(), "int32") : tf.cast(labels, "int32");
}

/** The weights as a fused loss takes them: none where there are none. */
export function weightsOnDevice(weights: RowLossOptions["weights"]): Record<string, tf.Tensor> {
  return weights === undefined ? {} : { weights: onDevice(weights) };
}
