import type { Random } from "@lad/core";
import { convLayer, groupNormLayer, type Layer, normalInit } from "@lad/nn";
import { joinParams } from "@lad/tensor";
import * as tf from "@tensorflow/tfjs-core";

export type ConvTowerOptions = {
  readonly in: number;
  readonly channels: number;
  /** Number of convolutions. */
  readonly depth: number;
  /** Groups of the group norm after every convolution; 0: no norm, convolutions with bias. */
  readonly groups: number;
  readonly random: Random;
};

/** `depth` × [3×3 convolution, group norm, relu]; parameters `<i>.conv.*`, `<i>.gn.*`; weights normal(0, 0.01). */
export function convTower({ in: input, channels, depth, groups, random }: ConvTowerOptions): Layer {
  const layers = Array.from({ length: depth }, (_, index) => ({
    conv: convLayer({
      in: index === 0 ? input : channels,
      out: channels,
      kernel: 3,
      bias: groups === 0,
      initial: normalInit(0.01),
      random,
    }),
    norm: groups > 0 ? groupNormLayer({ channels, groups }) : undefined,
  }));
  const named = layers.flatMap(({ conv, norm }, index) => [
    [`${index}.conv`, conv.params] as const,
    [`${index}.gn`, norm?.params ?? new Map()] as const,
  ]);
  return {
    params: joinParams(Object.fromEntries(named)),
    forward: (x, mode) =>
      tf.tidy(() =>
        layers.reduce((map, { conv, norm }) => {
          const next = conv.forward(map);
          return norm ? norm.forward(next, mode, { relu: true }) : tf.relu(next);
        }, x),
      ),
  };
}
