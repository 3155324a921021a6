import { loadParams } from "@lad/checkpoints";
import { ndArray, random } from "@lad/core";
import { deformConv2d, deformConvLayer } from "@lad/nn";
import { type Params, param } from "@lad/tensor";
import type * as tf from "@tensorflow/tfjs-core";
import type { GoldenCase } from "../golden-case";
import { prefixed } from "../prefixed";
import type { Report } from "../report";
import { compareBlock } from "./compare-block";

/** What a case says of one convolution, in mmcv's words. */
type DeformCase = {
  readonly v: 1 | 2;
  readonly ci: number;
  readonly co: number;
  readonly k?: number;
  readonly stride?: number;
  readonly pad?: number;
  readonly dil?: number;
  readonly groups?: number;
  readonly dg?: number;
};

/** Deformable convolutions v1 and v2 on given offsets, and as layers (`pack`) that predict them. */
export async function deformConvBlock(golden: GoldenCase, report: Report): Promise<void> {
  for (const [index, shape] of (golden.config.cases as DeformCase[]).entries()) {
    const own = prefixed(golden, `c${index}`);
    await compareOperation(own, report, shape);
    await comparePack(own, report, shape);
  }
}

async function compareOperation(golden: GoldenCase, report: Report, { stride = 1, pad = 1, dil = 1 }: DeformCase) {
  const names = ["x", "offset", ...(golden.has("mask") ? ["mask"] : [])];
  const vectors = golden.has("bias") ? ["weight", "bias"] : ["weight"];
  const params: Params = new Map(
    vectors.map((name) => {
      const { shape } = golden.take(name);
      const memory = shape.length === 4 ? [2, 3, 1, 0].map((axis) => shape[axis]!) : shape;
      const size = memory.reduce((product, side) => product * side, 1);
      return [name, param(ndArray(new Float32Array(size), memory), { layout: shape.length === 4 ? "conv" : "plain" })];
    }),
  );
  loadParams(params, Object.fromEntries(vectors.map((name) => [name, golden.take(name)])));
  const variable = (name: string) => params.get(name)?.variable as tf.Tensor as tf.Tensor4D;
  await compareBlock(golden, report, {
    maps: Object.fromEntries(names.map((name) => [`grad.${name}`, golden.take(name)])),
    params,
    run: ([x, offsets, mask]) =>
      deformConv2d(x!, offsets!, variable("weight"), {
        stride,
        padding: pad,
        dilation: dil,
        ...(mask ? { mask } : {}),
        ...(params.has("bias") ? { bias: variable("bias") } : {}),
      }),
    output: "out",
    cotangent: golden.take("upstream"),
  });
}

async function comparePack(
  golden: GoldenCase,
  report: Report,
  { v, ci, co, stride = 1, pad = 1, dil = 1, groups = 1, dg = 1 }: DeformCase,
) {
  const kernel = golden.take("weight").shape[3]!;
  const layer = deformConvLayer({
    in: ci,
    out: co,
    kernel,
    stride,
    padding: pad,
    dilation: dil,
    groups,
    deformGroups: dg,
    modulated: v === 2,
    random: random(1),
  });
  const pack = prefixed(golden, "pack");
  const offsets = Object.entries(pack.takeAll("conv_offset.")).map(([name, array]) => [`conv_offset.${name}`, array]);
  loadParams(layer.params, { weight: golden.take("weight"), ...Object.fromEntries(offsets) });
  await compareBlock(pack, report, {
    maps: { "grad.x": golden.take("x") },
    params: layer.params,
    run: ([x]) => layer.forward(x!),
    output: "out",
    cotangent: golden.take("upstream"),
  });
}
