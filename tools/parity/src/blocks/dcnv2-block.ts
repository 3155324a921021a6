import { loadParams } from "@lad/checkpoints";
import { random } from "@lad/core";
import { batchNormLayer, convLayer, deformConvLayer, type Layer } from "@lad/nn";
import { freezeParams, joinParams, type Params } from "@lad/tensor";
import * as tf from "@tensorflow/tfjs-core";
import type { GoldenCase } from "../golden-case";
import type { Report } from "../report";
import { compareBlock } from "./compare-block";

/** detectron2's bottleneck with a modulated deformable 3×3 that strides, and norms that are constants. */
export async function dcnv2Block(golden: GoldenCase, report: Report): Promise<void> {
  const { deform_groups, groups, stride } = golden.config;
  const [width, input] = golden.take("param.conv1.weight").shape as [number, number];
  const out = golden.take("param.conv3.weight").shape[0]!;
  const stream = { random: random(1) };
  const convs: Readonly<Record<string, Layer>> = {
    conv1: convLayer({ in: input, out: width, kernel: 1, ...stream }),
    conv2: deformConvLayer({
      in: width,
      out: width,
      kernel: 3,
      stride,
      groups,
      deformGroups: deform_groups,
      modulated: true,
      ...stream,
    }),
    conv3: convLayer({ in: width, out, kernel: 1, ...stream }),
    ...(golden.has("param.shortcut.weight")
      ? { shortcut: convLayer({ in: input, out, kernel: 1, stride, ...stream }) }
      : {}),
  };
  const channels = (name: string) => (name === "conv3" || name === "shortcut" ? out : width);
  const norms = Object.fromEntries(
    Object.keys(convs).map((name) => [name, batchNormLayer({ channels: channels(name), statistics: "stored" })]),
  );
  const params = blockParams(convs, norms);
  loadParams(params, golden.takeAll("param."));
  const normed = (name: string, x: tf.Tensor4D) => norms[name]!.forward(convs[name]!.forward(x));
  await compareBlock(golden, report, {
    maps: { "grad.x": golden.take("in.x") },
    params,
    run: ([x]) => {
      const inner = normed("conv3", tf.relu(normed("conv2", tf.relu(normed("conv1", x!)))));
      return tf.relu(tf.add<tf.Tensor4D>(inner, convs.shortcut ? normed("shortcut", x!) : x!));
    },
    output: "out.y",
    cotangent: golden.take("in.cotangent.y"),
  });
}

/** Under detectron2's names; norms are frozen. */
function blockParams(convs: Readonly<Record<string, Layer>>, norms: Readonly<Record<string, Layer>>): Params {
  const joined = joinParams(
    Object.fromEntries(
      Object.keys(convs).flatMap((name) => [
        [name, convs[name]!.params],
        [`${name}.norm`, freezeParams(norms[name]!.params)],
      ]),
    ),
  );
  return new Map([...joined].map(([name, entry]) => [name.replace("conv2.conv_offset", "conv2_offset"), entry]));
}
