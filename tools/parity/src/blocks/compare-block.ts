import type { NdArray, TypedArray } from "@lad/core";
import { createTape, disposeParams, type Params } from "@lad/tensor";
import * as tf from "@tensorflow/tfjs-core";
import { compareGradients } from "../compare-gradients";
import type { GoldenCase } from "../golden-case";
import { fromNhwc, toNhwc } from "../layout";
import type { Report } from "../report";
import { forwardTolerance, gradientTolerance } from "../tolerance";

export type BlockProbe = {
  /** Inputs `[B, C, H, W]` by the names of their gradients. */
  readonly maps: Readonly<Record<string, NdArray<TypedArray>>>;
  /** Loaded; disposed afterwards. Gradients are `grad.<name>`. */
  readonly params?: Params;
  readonly run: (maps: tf.Tensor4D[]) => tf.Tensor4D;
  /** Name of the output. */
  readonly output: string;
  /** The gradients are of Σ output · cotangent. */
  readonly cotangent: NdArray<TypedArray>;
};

/** Compares a part's output and its gradients of inputs and parameters. */
export async function compareBlock(
  golden: GoldenCase,
  report: Report,
  { maps, params = new Map(), run, output, cotangent }: BlockProbe,
): Promise<void> {
  const inputs = Object.values(maps).map((map) => tf.tidy(() => tf.variable(toNhwc(map))));
  const upstream = toNhwc(cotangent);
  const tape = createTape();
  try {
    const out = tape.run(() => run(inputs as tf.Tensor[] as tf.Tensor4D[]));
    report.compare("forward", output, await fromNhwc(out), forwardTolerance, golden);
    const loss = tape.run(() => tf.sum(tf.mul(out, upstream)));
    const trained = [...params.values()].filter(({ kind }) => kind === "trainable").map(({ variable }) => variable);
    const gradients = tape.gradients({ loss }, [...inputs, ...trained]);
    for (const [index, name] of Object.keys(maps).entries()) {
      const gradient = gradients.get(inputs[index]!) as tf.Tensor4D;
      report.compare("gradients", name, await fromNhwc(gradient), gradientTolerance, golden);
    }
    await compareGradients(golden, report, { "": params }, gradients);
  } finally {
    tape.end();
    tf.dispose([...inputs, upstream]);
    disposeParams(params);
  }
}
