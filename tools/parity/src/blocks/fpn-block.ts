import { loadParams } from "@lad/checkpoints";
import { createTape, disposeParams } from "@lad/tensor";
import * as tf from "@tensorflow/tfjs-core";
import { buildNeck } from "../build-mm";
import { compareGradients } from "../compare-gradients";
import type { GoldenCase } from "../golden-case";
import { fromNhwc, scalar, toNhwc } from "../layout";
import { prefixed } from "../prefixed";
import type { Report } from "../report";
import { forwardTolerance, gradientTolerance, lossTolerance } from "../tolerance";
import { probeLoss } from "./probe-loss";

/** Every variant of the pyramid on the same inputs. */
export async function fpnBlock(golden: GoldenCase, report: Report): Promise<void> {
  const { in_channels, out_channels, variants } = golden.config;
  const inputs = golden.names("in.").map((name) => tf.tidy(() => tf.variable(toNhwc(golden.take(name)))));
  for (const [variant, options] of Object.entries(variants as Record<string, object>)) {
    await fpnVariant(prefixed(golden, variant), report, { in_channels, out_channels, ...options }, inputs);
  }
  tf.dispose(inputs);
}

async function fpnVariant(
  golden: GoldenCase,
  report: Report,
  options: object,
  inputs: readonly tf.Variable[],
): Promise<void> {
  const neck = buildNeck(options);
  await loadParams(neck.params, golden.takeAll("param."));
  const tape = createTape();
  try {
    const maps = tape.run(() => neck.forward(inputs as readonly tf.Tensor[] as tf.Tensor4D[]));
    for (const [index, map] of maps.entries())
      report.compare(`${golden.name} forward`, `out.${index}`, await fromNhwc(map), forwardTolerance, golden);
    const loss = tape.run(() => probeLoss(maps));
    report.compare(`${golden.name} loss`, "loss", scalar(loss.dataSync()[0]!), lossTolerance, golden);
    const variables = [...neck.params.values()].map(({ variable }) => variable);
    const gradients = tape.gradients({ loss }, [...variables, ...inputs]);
    for (const [index, input] of inputs.entries()) {
      const gradient = gradients.get(input);
      if (golden.has(`grad_in.${index}`) !== Boolean(gradient))
        report.fail("gradients", `${golden.name}: input ${index} is used by one side only`);
      if (gradient)
        report.compare(
          "gradients",
          `grad_in.${index}`,
          await fromNhwc(gradient as tf.Tensor4D),
          gradientTolerance,
          golden,
        );
    }
    await compareGradients(golden, report, { "": neck.params }, gradients);
  } finally {
    tape.end();
    disposeParams(neck.params);
  }
}
