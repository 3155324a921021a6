import { createTape } from "@lad/tensor";
import * as tf from "@tensorflow/tfjs-core";
import type { GoldenCase } from "../golden-case";
import { fromNhwc, toNhwc } from "../layout";
import type { Report } from "../report";
import { forwardTolerance, gradientTolerance } from "../tolerance";

export type LinearProbe = {
  /** Maps `[B, H, W, C]` by the names of their gradients. They are disposed. */
  readonly inputs: Readonly<Record<string, tf.Tensor4D>>;
  readonly run: (inputs: tf.Tensor4D[]) => tf.Tensor4D;
  /** Name of the output, and of the cotangent its gradients belong to. */
  readonly output: string;
  readonly cotangent: string;
};

/** Compares an operation's output and the gradients of `Σ output · cotangent`. */
export async function compareLinear(
  golden: GoldenCase,
  report: Report,
  { inputs, run, output, cotangent }: LinearProbe,
): Promise<void> {
  const variables = Object.values(inputs).map((input) => tf.variable(input));
  const upstream = toNhwc(golden.take(cotangent));
  const tape = createTape();
  try {
    const out = tape.run(() => run(variables as tf.Tensor[] as tf.Tensor4D[]));
    report.compare("forward", output, await fromNhwc(out), forwardTolerance, golden);
    const loss = tape.run(() => tf.sum(tf.mul(out, upstream)));
    const gradients = tape.gradients({ loss }, variables);
    for (const [index, name] of Object.keys(inputs).entries()) {
      const gradient = gradients.get(variables[index]!) as tf.Tensor4D;
      report.compare("gradients", name, await fromNhwc(gradient), gradientTolerance, golden);
    }
  } finally {
    tape.end();
    tf.dispose([...variables, upstream, inputs]);
  }
}
