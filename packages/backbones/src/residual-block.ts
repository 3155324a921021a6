import type { Random } from "@lad/core";
import type { Layer } from "@lad/nn";
import { joinParams, type Mode, type Params } from "@lad/tensor";
import * as tf from "@tensorflow/tfjs-core";
import { applyNormed, type Deformable, type NormedConv, type NormStatistics, normedConv } from "./normed-conv";

export type BlockOptions = {
  readonly in: number;
  /** Width of the inner convolutions of a plain block; a bottleneck's output has four times as many channels. */
  readonly width: number;
  readonly stride: number;
  /** Where a bottleneck strides: its 3×3 (`pytorch`) or its first 1×1 (`caffe`). */
  readonly style: "pytorch" | "caffe";
  readonly statistics: NormStatistics;
  /** Initial weight of the last norm; 0 makes the block start as its shortcut. */
  readonly lastScale: number;
  readonly random: Random;
};

export type BottleneckOptions = BlockOptions & {
  /** Channels of the 3×3 convolution, if not `width`. */
  readonly inner?: number;
  /** Groups of the 3×3 convolution (ResNeXt). Default 1. */
  readonly groups?: number;
  /** The 3×3 convolution is deformable. */
  readonly deformable?: Deformable | undefined;
};

export type Block = Layer & { readonly out: number };

/** conv3×3 – bn – relu – conv3×3 – bn – add – relu (ResNet-18 and -34). */
export function basicBlock(options: BlockOptions): Block {
  const { in: input, width, stride, lastScale } = options;
  const first = normedConv(options, { in: input, out: width, kernel: 3, stride });
  const second = normedConv(options, { in: width, out: width, kernel: 3, scale: lastScale });
  return residual(chained([first, second]), shortcut(options, width), width);
}

/** conv1×1 – bn – relu – conv3×3 – bn – relu – conv1×1 – bn – add – relu, out = 4 · width (ResNet-50 and deeper, ResNeXt). */
export function bottleneckBlock(options: BottleneckOptions): Block {
  const { in: input, width, inner = width, groups = 1, stride, style, lastScale, deformable } = options;
  const [firstStride, middleStride] = style === "caffe" ? [stride, 1] : [1, stride];
  const first = normedConv(options, { in: input, out: inner, kernel: 1, stride: firstStride });
  const middle = { in: inner, out: inner, kernel: 3, stride: middleStride, groups, deformable };
  const second = normedConv(options, middle);
  const third = normedConv(options, { in: inner, out: width * 4, kernel: 1, scale: lastScale });
  return residual(chained([first, second, third]), shortcut(options, width * 4), width * 4);
}

/** What a block adds to its shortcut: the layers before the last, and the last, whose norm takes the sum and its relu in. */
export type ResidualBody = {
  readonly params: Readonly<Record<string, Params>>;
  inner(x: tf.Tensor4D, mode?: Mode): tf.Tensor4D;
  readonly last: NormedConv;
};

export type Shortcut = {
  readonly params: Readonly<Record<string, Params>>;
  forward(x: tf.Tensor4D, mode?: Mode): tf.Tensor4D;
};

/** `relu(body(x) + shortcut(x))`; without a shortcut it is x itself. */
export function residual(body: ResidualBody, shortcut: Shortcut | undefined, out: number): Block {
  return {
    out,
    params: joinParams({ ...body.params, ...shortcut?.params }),
    forward: (x, mode) =>
      tf.tidy(() => {
        const inner = body.inner(x, mode);
        const residual = shortcut ? shortcut.forward(x, mode) : x;
        return applyNormed(body.last, inner, mode, { residual, relu: true });
      }),
  };
}

/** Layers one after the other, a relu after each: `conv1`, `bn1`, `conv2`, … */
function chained(layers: readonly NormedConv[]): ResidualBody {
  const entries = layers.flatMap(({ conv, norm }, index) => [
    [`conv${index + 1}`, conv.params] as const,
    [`bn${index + 1}`, norm.params] as const,
  ]);
  return {
    params: Object.fromEntries(entries),
    inner: (x, mode) => layers.slice(0, -1).reduce((map, layer) => applyNormed(layer, map, mode, { relu: true }), x),
    last: layers.at(-1)!,
  };
}

/** A strided 1×1 convolution where shapes differ: `downsample.0`, `downsample.1`. */
function shortcut(options: BlockOptions, out: number): Shortcut | undefined {
  const { in: input, stride } = options;
  if (stride === 1 && input === out) return undefined;
  const layer = normedConv(options, { in: input, out, kernel: 1, stride });
  return {
    params: { "downsample.0": layer.conv.params, "downsample.1": layer.norm.params },
    forward: (x, mode) => applyNormed(layer, x, mode),
  };
}
