import type { Layer } from "@lad/nn";
import { currentTape, freezeParams, joinParams, type Mode, type Params } from "@lad/tensor";
import * as tf from "@tensorflow/tfjs-core";
import type { Backbone } from "./backbone";
import type { Block } from "./residual-block";

/** Where a block stands. */
export type BlockPlace = {
  readonly in: number;
  /** The stage's width. */
  readonly width: number;
  readonly stride: number;
  /** 1…4, as in `layer1`. */
  readonly stage: number;
  /** First of its stage. */
  readonly first: boolean;
};

export type ResidualNetworkOptions = {
  readonly stem: Layer;
  /** Channels of the stem's output. */
  readonly stemChannels: number;
  /** Width of the first stage; each further one's is twice its predecessor's. */
  readonly baseChannels: number;
  /** Blocks of each stage. */
  readonly counts: readonly number[];
  block(place: BlockPlace): Block;
  /** -1: all is trained; 0: the stem is frozen; n: the stem and the first n stages. */
  readonly frozenStages: number;
};

/** A stem and stages of residual blocks, `layer1`…: the backbones of the ResNet family differ in these two. Frozen stages are not recorded. */
export function residualNetwork({
  stem,
  stemChannels,
  baseChannels,
  counts,
  block,
  frozenStages,
}: ResidualNetworkOptions): Backbone {
  let channels = stemChannels;
  const stages = counts.map((count, index) => {
    const blocks = Array.from({ length: count }, (_, position) => {
      const first = position === 0;
      const stride = first && index > 0 ? 2 : 1;
      const made = block({ in: channels, width: baseChannels * 2 ** index, stride, stage: index + 1, first });
      channels = made.out;
      return made;
    });
    return { layer: chain(blocks), out: channels };
  });
  const frozen = (part: number, params: Params) => (part <= frozenStages ? freezeParams(params) : params);
  const named = stages.map(({ layer }, index) => [`layer${index + 1}`, frozen(index + 1, layer.params)] as const);
  return {
    params: joinParams({ "": frozen(0, stem.params), ...Object.fromEntries(named) }),
    channels: stages.map(({ out }) => out),
    strides: stages.map((_, index) => 4 * 2 ** index),
    forward: (images, mode) =>
      tf.tidy(() => {
        const parts = [stem, ...stages.map(({ layer }) => layer)];
        const firstTrained = Math.min(frozenStages + 1, parts.length);
        const fixed = unrecorded(() => mapsOf(parts.slice(0, firstTrained), images, "eval"));
        const maps = [...fixed, ...mapsOf(parts.slice(firstTrained), fixed.at(-1) ?? images, mode)];
        return maps.slice(1);
      }),
  };
}

function chain(layers: readonly Layer[]): Layer {
  return {
    params: joinParams(Object.fromEntries(layers.map((layer, index) => [index, layer.params]))),
    forward: (x, mode) => layers.reduce((map, layer) => layer.forward(map, mode), x),
  };
}

/** The output of every part, each fed by the one before. */
function mapsOf(parts: readonly Layer[], images: tf.Tensor4D, mode?: Mode): tf.Tensor4D[] {
  const maps: tf.Tensor4D[] = [];
  for (const part of parts) maps.push(part.forward(maps.at(-1) ?? images, mode));
  return maps;
}

/** Frozen layers need no record: their activations would be saved for a backward pass that never reaches them. */
function unrecorded<T>(forward: () => T): T {
  const tape = currentTape();
  return tape ? tape.noGrad(forward) : forward();
}
