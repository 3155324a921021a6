import { LadError } from "@lad/core";
import * as tf from "@tensorflow/tfjs-core";
import { fusedKernel } from "./fused-kernel";

/** A kernel or custom gradient as tfjs records it. */
export type TapeNode = {
  kernelName: string;
  inputs: Record<string, tf.Tensor>;
  outputs: tf.Tensor[];
  saved?: tf.Tensor[];
  gradient?: (dys: (tf.Tensor | undefined)[]) => Record<string, () => tf.Tensor>;
};

/**
 * Walks a record backwards: d(sum of losses)/d(variables). Every output gradient and every saved tensor is freed as soon as its node is done.
 * The gradients returned are kept: the caller disposes them.
 */
export function backward(
  nodes: readonly TapeNode[],
  losses: Readonly<Record<string, tf.Tensor>>,
  variables: readonly tf.Variable[],
): Map<tf.Variable, tf.Tensor> {
  const wanted = new Set(variables.map((variable) => variable.id));
  const dependent = dependents(nodes, wanted);
  const gradients = new Map<number, tf.Tensor>();
  let done = nodes.length;
  try {
    for (const [name, loss] of Object.entries(losses)) {
      if (loss.size !== 1)
        throw new LadError(
          "SHAPE_MISMATCH",
          `tape.gradients: loss ${name} must be a scalar, got shape [${loss.shape}]`,
        );
      if (dependent.has(loss.id)) accumulate(gradients, loss.id, kept(tf.onesLike(loss)));
    }
    while (done > 0) {
      const node = nodes[--done]!;
      passBack(node, gradients, dependent, wanted);
      tf.dispose(node.saved ?? []);
    }
    return takeWanted(gradients, variables);
  } finally {
    for (const node of nodes.slice(0, done + 1)) tf.dispose(node.saved ?? []);
    tf.dispose([...gradients.values()]);
  }
}

/** Ids of all tensors whose value depends on one of `sources`. */
function dependents(nodes: readonly TapeNode[], sources: ReadonlySet<number>): Set<number> {
  const found = new Set(sources);
  for (const { inputs, outputs } of nodes) {
    for (const name in inputs) {
      if (!found.has(inputs[name]!.id)) continue;
      for (const output of outputs) found.add(output.id);
      break;
    }
  }
  return found;
}

function passBack(
  node: TapeNode,
  gradients: Map<number, tf.Tensor>,
  dependent: ReadonlySet<number>,
  wanted: ReadonlySet<number>,
): void {
  const dys = node.outputs.map((output) => gradients.get(output.id));
  if (dys.every((dy) => dy === undefined)) return;
  for (const output of node.outputs) if (!wanted.has(output.id)) gradients.delete(output.id);
  try {
    if (!node.gradient) {
      throw new LadError(
        "UNSUPPORTED",
        `tape.gradients: kernel ${node.kernelName} has no gradient; compose the value from other operations or take it out of the tape with noGrad`,
      );
    }
    const ids: number[] = [];
    // one tidy for the node, not one per input: gradient functions share tensors between their inputs
    const inputGradients = tf.tidy(() => {
      const thunks = node.gradient!(dys);
      const made: tf.Tensor[] = []; // tensors only: tfjs looks through everything that a tidy returns
      for (const [name, input] of Object.entries(node.inputs)) {
        if (!dependent.has(input.id) || !thunks[name]) continue;
        ids.push(input.id);
        made.push(checked(node, name, distinct(thunks[name](), dys)));
      }
      return made;
    });
    const unique = new Set<tf.Tensor>();
    for (const [index, gradient] of inputGradients.entries()) {
      accumulate(gradients, ids[index]!, kept(unique.has(gradient) ? tf.clone(gradient) : gradient));
      unique.add(gradient);
    }
  } finally {
    node.outputs.forEach((output, index) => {
      if (!wanted.has(output.id)) dys[index]?.dispose();
    });
  }
}

/** A gradient function may hand an output's gradient straight through; that one is freed with its node, so the input needs its own handle. */
function distinct(gradient: tf.Tensor, dys: readonly (tf.Tensor | undefined)[]): tf.Tensor {
  return dys.includes(gradient) || gradient.kept ? tf.clone(gradient) : gradient;
}

function checked(node: TapeNode, name: string, gradient: tf.Tensor): tf.Tensor {
  const wantedShape = node.inputs[name]!.shape;
  if (!tf.util.arraysEqual(gradient.shape, wantedShape)) {
    throw new LadError(
      "SHAPE_MISMATCH",
      `tape.gradients: ${node.kernelName} gave input ${name} a gradient of shape [${gradient.shape}], wanted [${wantedShape}]`,
    );
  }
  return gradient;
}

function accumulate(gradients: Map<number, tf.Tensor>, id: number, gradient: tf.Tensor): void {
  const sum = gradients.get(id);
  if (sum === undefined) {
    gradients.set(id, gradient);
    return;
  }
  // a sum that nobody else sees is written over where the engine can
  const blend = fusedKernel("LadBlend");
  const total = blend ? blend({ stored: sum, fresh: gradient }, { keep: 1, take: 1 })[0]! : tf.add(sum, gradient);
  gradients.set(id, kept(total));
  sum.dispose();
  gradient.dispose();
}

function kept(tensor: tf.Tensor): tf.Tensor {
  return tf.keep(tensor);
}

function takeWanted(gradients: Map<number, tf.Tensor>, variables: readonly tf.Variable[]): Map<tf.Variable, tf.Tensor> {
  const taken = new Map<tf.Variable, tf.Tensor>();
  for (const variable of variables) {
    const gradient = gradients.get(variable.id);
    if (!gradient || taken.has(variable)) continue;
    taken.set(variable, gradient);
  }
  for (const variable of taken.keys()) gradients.delete(variable.id);
  return taken;
}
