import { loadParams, toTorchLayout } from "@lad/checkpoints";
import { createTape, disposeParams } from "@lad/tensor";
import * as tf from "@tensorflow/tfjs-core";
import { buildBackbone } from "../build-mm";
import { compareGradients } from "../compare-gradients";
import type { GoldenCase } from "../golden-case";
import { fromNhwc, scalar, toHost, toNhwc } from "../layout";
import type { Report } from "../report";
import { forwardTolerance, gradientTolerance, lossTolerance, withUncertainty } from "../tolerance";
import { probeLoss } from "./probe-loss";

/** A ResNet forward and backward; `after.*` are the statistics that one training forward moved. */
export async function resnetBlock(golden: GoldenCase, report: Report): Promise<void> {
  const backbone = buildBackbone(golden.config.backbone);
  await loadParams(backbone.params, golden.takeAll("param."));
  const input = toNhwc(golden.take("in.image"));
  const image = tf.variable(input);
  const check = golden.config.fp64_check ?? {};
  const tape = createTape();
  try {
    const maps = tape.run(() => backbone.forward(image as unknown as tf.Tensor4D, "train"));
    for (const [index, map] of maps.entries()) {
      report.compare("forward", `out.${index}`, await fromNhwc(map), withUncertainty(forwardTolerance, check.out));
    }
    const loss = tape.run(() => probeLoss(maps));
    report.compare("losses", "loss", scalar(loss.dataSync()[0]!), withUncertainty(lossTolerance, check.out));
    const variables = [...backbone.params.values()]
      .filter(({ kind }) => kind === "trainable")
      .map(({ variable }) => variable);
    const gradients = tape.gradients({ loss }, [...variables, image]);
    if (golden.has("grad.image")) {
      const gradient = await fromNhwc(gradients.get(image) as tf.Tensor4D);
      report.compare("gradients", "grad.image", gradient, withUncertainty(gradientTolerance, check.grad));
    }
    await compareGradients(
      golden,
      report,
      { "": backbone.params },
      gradients,
      withUncertainty(gradientTolerance, check.grad),
    );
    for (const name of golden.names("after.")) {
      const entry = backbone.params.get(name.slice("after.".length));
      if (!entry) report.fail("statistics", `${name}: no such parameter`);
      else
        report.compare(
          "statistics",
          name,
          toTorchLayout(await toHost(entry.variable), entry.layout),
          withUncertainty(forwardTolerance, check.out),
        );
    }
  } finally {
    tape.end();
    tf.dispose([input, image]);
    disposeParams(backbone.params);
  }
}
