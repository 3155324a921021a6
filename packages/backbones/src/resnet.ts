import { random as createRandom, LadError, type Random } from "@lad/core";
import { batchNormLayer, convLayer, type Layer, maxPool } from "@lad/nn";
import { currentTape, freezeParams, joinParams, type Mode, type Params } from "@lad/tensor";
import * as tf from "@tensorflow/tfjs-core";
import { basicBlock, bottleneckBlock, type NormStatistics } from "./residual-block";

/** Maps an image to feature maps, fine to coarse. */
export type Backbone = {
  readonly params: Params;
  /** Channels of the maps that `forward` returns. */
  readonly channels: readonly number[];
  /** Their strides in px. */
  readonly strides: readonly number[];
  /** `[B, H, W, 3]` to the maps C2…C5; odd sizes round up. */
  forward(images: tf.Tensor4D, mode?: Mode): tf.Tensor4D[];
};

export type ResnetOptions = {
  readonly depth: 18 | 34 | 50 | 101;
  /** Width of the stem and of the first stage. */
  readonly baseChannels?: number;
  /** Where a bottleneck strides: its 3×3 (`pytorch`) or its first 1×1 (`caffe`). */
  readonly style?: "pytorch" | "caffe";
  /** -1: all is trained; 0: the stem is frozen; n: the stem and the first n stages. Frozen batch norms use stored statistics. */
  readonly frozenStages?: number;
  /** Batch norm in mode `train`: `batch` statistics, or `stored` ones as fine-tuning from ImageNet weights wants (mmdet's `norm_eval`). */
  readonly statistics?: NormStatistics;
  readonly random?: Random;
};

const blocksPerStage = { 18: [2, 2, 2, 2], 34: [3, 4, 6, 3], 50: [3, 4, 6, 3], 101: [3, 4, 23, 3] } as const;

/**
 * ResNet (arXiv 1512.03385) with torchvision's parameter names; strides 4, 8, 16, 32. Initialised as mmdet does from scratch:
 * Kaiming fan-out normal, the last norm of every residual block 0.
 * @throws {LadError} INVALID_ARGUMENT for a depth that does not exist.
 */
export function resnet({
  depth,
  baseChannels = 64,
  style = "pytorch",
  frozenStages = -1,
  statistics = "batch",
  random = createRandom(0),
}: ResnetOptions): Backbone {
  const counts = blocksPerStage[depth];
  if (!counts)
    throw new LadError("INVALID_ARGUMENT", `resnet: depth must be one of ${Object.keys(blocksPerStage)}, got ${depth}`);
  const makeBlock = depth < 50 ? basicBlock : bottleneckBlock;
  const stem = resnetStem({ channels: baseChannels, statistics, random });
  let channels = baseChannels;
  const stages = counts.map((count, stage) => {
    const width = baseChannels * 2 ** stage;
    const blocks = Array.from({ length: count }, (_, index) => {
      const stride = index === 0 && stage > 0 ? 2 : 1;
      const block = makeBlock({ in: channels, width, stride, style, statistics, lastScale: 0, random });
      channels = block.out;
      return block;
    });
    return { layer: chain(blocks), out: channels };
  });
  const frozen = (part: number, params: Params) => (part <= frozenStages ? freezeParams(params) : params);
  const named = stages.map(({ layer }, index) => [`layer${index + 1}`, frozen(index + 1, layer.params)] as const);
  return {
    params: joinParams({ "": frozen(0, stem.params), ...Object.fromEntries(named) }),
    channels: stages.map(({ out }) => out),
    strides: [4, 8, 16, 32],
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

/** 7×7/2 convolution, batch norm, relu, 3×3/2 max pool. */
function resnetStem({
  channels,
  statistics,
  random,
}: {
  channels: number;
  statistics: NormStatistics;
  random: Random;
}): Layer {
  const conv = convLayer({ in: 3, out: channels, kernel: 7, stride: 2, random });
  const norm = batchNormLayer({ channels, statistics });
  return {
    params: joinParams({ conv1: conv.params, bn1: norm.params }),
    forward: (x, mode) =>
      tf.tidy(() => maxPool(norm.forward(conv.forward(x), mode, { relu: true }), { size: 3, stride: 2, padding: 1 })),
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
