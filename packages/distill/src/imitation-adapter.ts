import { random as createRandom, type Random } from "@lad/core";
import { convLayer, normalInit } from "@lad/nn";
import { joinParams, type Network } from "@lad/tensor";
import * as tf from "@tensorflow/tfjs-core";

/** Turns a student's feature maps into its teacher's width; a network that trains with the student and is not needed afterwards. */
export type ImitationAdapter = Network & { forward(levels: readonly tf.Tensor4D[]): tf.Tensor4D[] };

export type ImitationAdapterOptions = {
  /** Channels of the student's maps. */
  readonly in: number;
  /** Channels of the teacher's. */
  readonly out: number;
  readonly levels?: number;
  readonly random?: Random;
};

/** One 3×3 convolution a level, no activation, weights normal(0, 1e-4), as DeFeat's code has it (arXiv 2103.14475). Parameters `<level>.weight`, `<level>.bias`. */
export function imitationAdapter({
  in: input,
  out,
  levels = 5,
  random = createRandom(0),
}: ImitationAdapterOptions): ImitationAdapter {
  const layers = Array.from({ length: levels }, () =>
    convLayer({ in: input, out, kernel: 3, bias: true, initial: normalInit(1e-4), random }),
  );
  return {
    name: "imitation-adapter",
    params: joinParams(Object.fromEntries(layers.map(({ params }, level) => [level, params]))),
    forward: (maps) => tf.tidy(() => maps.map((map, level) => layers[level]!.forward(map))),
  };
}
