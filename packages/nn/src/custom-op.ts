import * as tf from "@tensorflow/tfjs-core";

type Output = tf.Tensor | tf.Tensor[];
/** `save` keeps tensors for the backward pass; call it at most once. They are freed with the tape. */
export type SaveTensors = (tensors: tf.Tensor[]) => void;
type CustomKernel = {
  readonly forwardFunc: (backend: unknown, save: SaveTensors) => Output;
  readonly backwardsFunc: (dy: Output, saved: tf.Tensor[]) => Record<string, () => tf.Tensor>;
  readonly inputs: Record<string, tf.Tensor>;
};

/**
 * An operation with a hand-written gradient, as `tf.customGrad`, but with one function per input, called only when that input's gradient is
 * wanted (a frozen scale costs nothing), and with several outputs if `forward` returns an array.
 * `forward` runs in its own tidy and must return new tensors, never an input itself. What gradients share is computed in `backward`'s body,
 * not memoised between its functions: tfjs' own gradients tidy each of them apart.
 */
export function customOp<Inputs extends Record<string, tf.Tensor>, Out extends Output>(
  inputs: Inputs,
  forward: (save: SaveTensors) => Out,
  backward: (dy: Out, saved: tf.Tensor[]) => { [Name in keyof Inputs]: () => tf.Tensor },
): Out {
  // tf.customGrad is a wrapper of this method that evaluates every gradient at once; the method itself is only private to the type checker
  const engine = tf.engine() as unknown as { runKernelFunc(kernel: CustomKernel): Output };
  return engine.runKernelFunc({
    forwardFunc: (_, save) => forward(save),
    backwardsFunc: (dy, saved) => backward(dy as Out, saved),
    inputs,
  }) as Out;
}
