import { averagePool, type Layer } from "@lad/nn";
import { joinParams, type Params } from "@lad/tensor";
import * as tf from "@tensorflow/tfjs-core";
import { applyNormed, normedConv } from "./normed-conv";
import { type Block, type BottleneckOptions, type ResidualBody, residual, type Shortcut } from "./residual-block";

export type Res2netBlockOptions = Omit<BottleneckOptions, "style" | "inner" | "groups"> & {
  /** Groups of channels that see more and more of the map. */
  readonly scales: number;
  /** Channels of each. */
  readonly split: number;
  /** First of its stage: splits are not added up, the last one is pooled where the block strides. */
  readonly first: boolean;
};

/**
 * A bottleneck whose 3×3 works on splits of the channels one after the other, each added to the next one's input (Res2Net, arXiv 1904.01169 §3.1; v1d of mmdet
 * 2.10). Its shortcut pools averages before a 1×1 convolution. Parameters `conv1`, `bn1`, `convs.<i>`, `bns.<i>`, `conv3`, `bn3`, `downsample.1`, `downsample.2`.
 */
export function res2netBlock(options: Res2netBlockOptions): Block {
  const { in: input, width, scales, split, stride, lastScale, deformable } = options;
  const head = normedConv(options, { in: input, out: split * scales, kernel: 1 });
  const shape = { in: split, out: split, kernel: 3, stride, deformable };
  const middle = Array.from({ length: scales - 1 }, () => normedConv(options, shape));
  const last = normedConv(options, { in: split * scales, out: width * 4, kernel: 1, scale: lastScale });
  const body: ResidualBody = {
    params: {
      ...{ conv1: head.conv.params, bn1: head.norm.params, conv3: last.conv.params, bn3: last.norm.params },
      convs: numbered(middle.map(({ conv }) => conv)),
      bns: numbered(middle.map(({ norm }) => norm)),
    },
    inner: (x, mode) => {
      const parts = tf.split<tf.Tensor4D>(applyNormed(head, x, mode, { relu: true }), scales, 3);
      const results: tf.Tensor4D[] = [];
      for (const [index, layer] of middle.entries()) {
        const before = results.at(-1);
        const part = before && !options.first ? tf.add<tf.Tensor4D>(before, parts[index]!) : parts[index]!;
        results.push(applyNormed(layer, part, mode, { relu: true }));
      }
      const rest = parts.at(-1)!;
      const pooled = options.first && stride > 1 ? averagePool(rest, { size: 3, stride, padding: 1 }) : rest;
      return tf.concat<tf.Tensor4D>([...results, pooled], 3);
    },
    last,
  };
  return residual(body, pooledShortcut(options), width * 4);
}

function pooledShortcut(options: Res2netBlockOptions): Shortcut | undefined {
  const { in: input, width, stride } = options;
  const out = width * 4;
  if (stride === 1 && input === out) return undefined;
  const layer = normedConv(options, { in: input, out, kernel: 1 });
  const pool = { size: stride, stride, ceil: true, countPadding: false };
  return {
    params: { "downsample.1": layer.conv.params, "downsample.2": layer.norm.params },
    forward: (x, mode) => applyNormed(layer, stride > 1 ? averagePool(x, pool) : x, mode),
  };
}

function numbered(layers: readonly Pick<Layer, "params">[]): Params {
  return joinParams(Object.fromEntries(layers.map(({ params }, index) => [index, params])));
}
