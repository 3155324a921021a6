import { random as createRandom, LadError, type Random } from "@lad/core";
import { convLayer, maxPool, upsampleNearest, xavierUniform } from "@lad/nn";
import { joinParams, type Params } from "@lad/tensor";
import * as tf from "@tensorflow/tfjs-core";

/** Maps a backbone's feature maps to pyramid levels of equal width. */
export type Pyramid = {
  readonly params: Params;
  readonly channels: number;
  forward(maps: readonly tf.Tensor4D[]): tf.Tensor4D[];
};

export type FpnOptions = {
  /** Channels of the backbone's maps, fine to coarse. */
  readonly in: readonly number[];
  readonly out?: number;
  /** First backbone map that is used; 1 leaves C2 out. */
  readonly startLevel?: number;
  /** Levels of the pyramid; those beyond the backbone's are made by stride-2 steps. */
  readonly levels?: number;
  /** What the first extra convolution reads; `none`: extra levels are subsampled by a 1×1/2 max pool. */
  readonly extra?: "onInput" | "onLateral" | "onOutput" | "none";
  /** A relu before every extra convolution but the first. */
  readonly reluBeforeExtra?: boolean;
  readonly random?: Random;
};

/**
 * Feature pyramid (arXiv 1612.03144) as mmdet builds it: 1×1 laterals, nearest top-down, 3×3 outputs, all with bias and without norm.
 * Parameters `lateral_convs.<i>.conv.*` and `fpn_convs.<i>.conv.*`; Xavier uniform, bias 0.
 * @throws {LadError} INVALID_ARGUMENT if the levels do not fit; SHAPE_MISMATCH if `forward` gets another number of maps.
 */
export function fpn({
  in: inputs,
  out = 256,
  startLevel = 1,
  levels = 5,
  extra = "onOutput",
  reluBeforeExtra = false,
  random = createRandom(0),
}: FpnOptions): Pyramid {
  const used = inputs.slice(startLevel);
  if (used.length === 0 || levels < used.length) {
    throw new LadError(
      "INVALID_ARGUMENT",
      `fpn: ${levels} levels cannot be made of ${inputs.length} maps from map ${startLevel} on`,
    );
  }
  const conv = (channels: number, kernel: number, stride = 1) =>
    convLayer({ in: channels, out, kernel, stride, bias: true, initial: xavierUniform, random });
  const laterals = used.map((channels) => conv(channels, 1));
  const outputs = used.map(() => conv(out, 3));
  const extraCount = extra === "none" ? 0 : levels - used.length;
  const extras = Array.from({ length: extraCount }, (_, index) =>
    conv(index === 0 && extra === "onInput" ? used.at(-1)! : out, 3, 2),
  );

  const addExtras = (results: tf.Tensor4D[], source: tf.Tensor4D) => {
    extras.forEach((layer, index) => {
      const previous = results.at(-1)!;
      if (index === 0) results.push(layer.forward(source));
      else results.push(layer.forward(reluBeforeExtra ? tf.relu(previous) : previous));
    });
    while (results.length < levels) results.push(maxPool(results.at(-1)!, { size: 1, stride: 2, padding: 0 }));
    return results;
  };
  return {
    channels: out,
    params: joinParams({ lateral_convs: numbered(laterals), fpn_convs: numbered([...outputs, ...extras]) }),
    forward(maps) {
      if (maps.length !== inputs.length)
        throw new LadError("SHAPE_MISMATCH", `fpn: wanted ${inputs.length} maps, got ${maps.length}`);
      return tf.tidy(() => {
        const merged = laterals.map((lateral, index) => lateral.forward(maps[startLevel + index]!));
        for (let level = merged.length - 2; level >= 0; level--) {
          const [, height, width] = merged[level]!.shape;
          merged[level] = tf.add(merged[level]!, upsampleNearest(merged[level + 1]!, { height, width }));
        }
        const results = outputs.map((output, index) => output.forward(merged[index]!));
        const sources = {
          onInput: maps.at(-1)!,
          onLateral: merged.at(-1)!,
          onOutput: results.at(-1)!,
          none: results.at(-1)!,
        };
        return addExtras(results, sources[extra]);
      });
    },
  };
}

function numbered(layers: readonly { readonly params: Params }[]): Params {
  return joinParams(Object.fromEntries(layers.map((layer, index) => [`${index}.conv`, layer.params])));
}
