import type { Random } from "@lad/core";
import { type Layer, maxPool } from "@lad/nn";
import { joinParams } from "@lad/tensor";
import * as tf from "@tensorflow/tfjs-core";
import { applyNormed, type NormStatistics, normedConv } from "./normed-conv";

export type StemOptions = {
  readonly channels: number;
  readonly statistics: NormStatistics;
  readonly random: Random;
};

const pool = { size: 3, stride: 2, padding: 1 };

/** 7×7/2 convolution, batch norm, relu, 3×3/2 max pool: `conv1`, `bn1`. */
export function plainStem({ channels, ...options }: StemOptions): Layer {
  const layer = normedConv(options, { in: 3, out: channels, kernel: 7, stride: 2 });
  return {
    params: joinParams({ conv1: layer.conv.params, bn1: layer.norm.params }),
    forward: (x, mode) => tf.tidy(() => maxPool(applyNormed(layer, x, mode, { relu: true }), pool)),
  };
}

/** Three 3×3 convolutions, the first strided, the first two half as wide, and the same pool (ResNet v1d): `stem.0`, `stem.1`, `stem.3`, … */
export function deepStem({ channels, ...options }: StemOptions): Layer {
  const half = Math.floor(channels / 2);
  const layers = [
    normedConv(options, { in: 3, out: half, kernel: 3, stride: 2 }),
    normedConv(options, { in: half, out: half, kernel: 3 }),
    normedConv(options, { in: half, out: channels, kernel: 3 }),
  ];
  const named = layers.flatMap(({ conv, norm }, index) => [
    [`stem.${3 * index}`, conv.params] as const,
    [`stem.${3 * index + 1}`, norm.params] as const,
  ]);
  return {
    params: joinParams(Object.fromEntries(named)),
    forward: (x, mode) =>
      tf.tidy(() =>
        maxPool(
          layers.reduce((map, layer) => applyNormed(layer, map, mode, { relu: true }), x),
          pool,
        ),
      ),
  };
}
