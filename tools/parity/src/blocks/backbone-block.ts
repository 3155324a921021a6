import { loadParams, toTorchLayout } from "@lad/checkpoints";
import { LadError } from "@lad/core";
import { createTape, disposeParams } from "@lad/tensor";
import * as tf from "@tensorflow/tfjs-core";
import { buildBackbone } from "../build-mm";
import { compareGradients } from "../compare-gradients";
import type { GoldenCase } from "../golden-case";
import { fromNhwc, scalar, toHost, toNhwc } from "../layout";
import type { Report } from "../report";
import {
  distributionGradientTolerance,
  forwardTolerance,
  gradientTolerance,
  lossTolerance,
  withUncertainty,
} from "../tolerance";
import { probeLoss } from "./probe-loss";

/**
 * A backbone forward and backward; `after.*` are the statistics that one training forward moved. The loss is the probe's, or with `upstream.<map>`
 * the sum over maps of mean(out · upstream).
 */
export async function backboneBlock(golden: GoldenCase, report: Report): Promise<void> {
  const backbone = buildBackbone(golden.config.backbone);
  await loadParams(backbone.params, golden.takeAll("param."));
  const input = toNhwc(golden.take("in.image"));
  const image = tf.variable(input);
  const check = golden.config.fp64_check ?? {};
  const upstreams = golden.names("upstream.").length;
  const kept = Array.from({ length: upstreams }, (_, index) => toNhwc(golden.take(`upstream.${index}`)));
  const gradientLimit = upstreams > 0 ? distributionGradientTolerance : gradientTolerance;
  const tape = createTape();
  try {
    const maps = tape.run(() => backbone.forward(image as unknown as tf.Tensor4D, "train"));
    for (const [index, map] of maps.entries()) {
      report.compare("forward", `out.${index}`, await fromNhwc(map), withUncertainty(forwardTolerance, check.out));
    }
    const loss = tape.run(() => (upstreams > 0 ? upstreamLoss(maps, kept) : probeLoss(maps)));
    report.compare(
      "losses",
      upstreams > 0 ? "loss.total" : "loss",
      scalar(loss.dataSync()[0]!),
      withUncertainty(lossTolerance, check.out),
    );
    const variables = [...backbone.params.values()]
      .filter(({ kind }) => kind === "trainable")
      .map(({ variable }) => variable);
    const gradients = tape.gradients({ loss }, [...variables, image]);
    if (golden.has("grad.image")) {
      const found = gradients.get(image) as tf.Tensor4D | null;
      const gradient = found ? await fromNhwc(found) : await throughFrozenStages(golden, image, kept);
      report.compare("gradients", "grad.image", gradient, withUncertainty(gradientLimit, check.grad));
    }
    await compareGradients(
      golden,
      report,
      { "": backbone.params },
      gradients,
      withUncertainty(gradientLimit, check.grad),
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
    tf.dispose([input, image, kept]);
    disposeParams(backbone.params);
  }
}

/** The gradient of the image where stages are frozen: those are not recorded, so a twin without frozen stages, on stored statistics as they are, gives it. */
async function throughFrozenStages(golden: GoldenCase, image: tf.Variable, upstreams: readonly tf.Tensor4D[]) {
  const { backbone: config } = golden.config;
  if (!config.norm_eval || upstreams.length === 0)
    throw new LadError("UNSUPPORTED", "grad.image: a backbone with frozen stages wants norm_eval and upstream.<map>");
  const twin = buildBackbone({ ...config, frozen_stages: -1 });
  await loadParams(twin.params, golden.takeAll("param."));
  const tape = createTape();
  try {
    const loss = tape.run(() => upstreamLoss(twin.forward(image as unknown as tf.Tensor4D, "train"), upstreams));
    return await fromNhwc(tape.gradients({ loss }, [image]).get(image) as tf.Tensor4D);
  } finally {
    tape.end();
    disposeParams(twin.params);
  }
}

function upstreamLoss(maps: readonly tf.Tensor4D[], upstreams: readonly tf.Tensor4D[]): tf.Scalar {
  return tf.addN(maps.map((map, index) => tf.mean(tf.mul(map, upstreams[index]!)))) as tf.Scalar;
}
