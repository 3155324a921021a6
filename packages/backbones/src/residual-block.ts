import type { Random } from "@lad/core";
import { batchNormLayer, convLayer, type Layer, type NormFinish, type NormLayer } from "@lad/nn";
import { joinParams, type Mode, type Params } from "@lad/tensor";
import * as tf from "@tensorflow/tfjs-core";

/** How the batch norms of a stage normalise in mode `train`: with the batch's statistics, or with the stored ones (mmdet's `norm_eval`). */
export type NormStatistics = "batch" | "stored";

export type BlockOptions = {
  readonly in: number;
  /** Width of the inner convolutions. */
  readonly width: number;
  readonly stride: number;
  /** Where a bottleneck strides: its 3×3 (`pytorch`) or its first 1×1 (`caffe`). */
  readonly style: "pytorch" | "caffe";
  readonly statistics: NormStatistics;
  /** Initial weight of the last norm; 0 makes the block start as its shortcut. */
  readonly lastScale: number;
  readonly random: Random;
};

export type Block = Layer & { readonly out: number };

type NormedConv = { readonly conv: Layer; readonly norm: NormLayer };

/** conv3×3 – bn – relu – conv3×3 – bn – add – relu (ResNet-18 and -34). */
export function basicBlock(options: BlockOptions): Block {
  const { in: input, width, stride, lastScale } = options;
  const first = normedConv(options, { in: input, out: width, kernel: 3, stride });
  const second = normedConv(options, { in: width, out: width, kernel: 3, scale: lastScale });
  return residual(options, [first, second], width);
}

/** conv1×1 – bn – relu – conv3×3 – bn – relu – conv1×1 – bn – add – relu, out = 4 · width (ResNet-50 and deeper). */
export function bottleneckBlock(options: BlockOptions): Block {
  const { in: input, width, stride, style, lastScale } = options;
  const [firstStride, middleStride] = style === "caffe" ? [stride, 1] : [1, stride];
  const first = normedConv(options, { in: input, out: width, kernel: 1, stride: firstStride });
  const second = normedConv(options, { in: width, out: width, kernel: 3, stride: middleStride });
  const third = normedConv(options, { in: width, out: width * 4, kernel: 1, scale: lastScale });
  return residual(options, [first, second, third], width * 4);
}

type ConvShape = {
  readonly in: number;
  readonly out: number;
  readonly kernel: number;
  readonly stride?: number;
  readonly scale?: number;
};

function normedConv({ statistics, random }: BlockOptions, { scale = 1, ...shape }: ConvShape): NormedConv {
  return { conv: convLayer({ ...shape, random }), norm: batchNormLayer({ channels: shape.out, scale, statistics }) };
}

/** `relu(body(x) + shortcut(x))`; the shortcut is a strided 1×1 convolution where shapes differ. */
function residual(options: BlockOptions, body: readonly NormedConv[], out: number): Block {
  const { in: input, stride } = options;
  const shortcut =
    stride !== 1 || input !== out ? normedConv(options, { in: input, out, kernel: 1, stride }) : undefined;
  const parts: Record<string, Params> = {};
  body.forEach(({ conv, norm }, index) => {
    parts[`conv${index + 1}`] = conv.params;
    parts[`bn${index + 1}`] = norm.params;
  });
  if (shortcut) {
    parts["downsample.0"] = shortcut.conv.params;
    parts["downsample.1"] = shortcut.norm.params;
  }
  const apply = ({ conv, norm }: NormedConv, x: tf.Tensor4D, mode?: Mode, finish?: NormFinish) =>
    norm.forward(conv.forward(x), mode, finish);
  return {
    out,
    params: joinParams(parts),
    forward: (x, mode) =>
      tf.tidy(() => {
        const inner = body.slice(0, -1).reduce((map, layer) => apply(layer, map, mode, { relu: true }), x);
        const residual = shortcut ? apply(shortcut, x, mode) : x;
        return apply(body.at(-1)!, inner, mode, { residual, relu: true });
      }),
  };
}
