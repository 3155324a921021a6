import { LadError } from "@lad/core";
import type { TensorInfo } from "@tensorflow/tfjs-core";
import type { Device } from "../device";
import { type KernelTable, kernel, sizeOf } from "../kernel";

type Rows = { x: TensorInfo; scale: TensorInfo };

function describe(who: string, x: TensorInfo, vectors: Readonly<Record<string, TensorInfo>>) {
  const channels = x.shape.at(-1) ?? 0;
  for (const [name, { shape }] of Object.entries(vectors))
    if (sizeOf(shape) !== channels)
      throw new LadError(
        "SHAPE_MISMATCH",
        `native ${who}: ${name} must be [${channels}] for x [${x.shape}], got [${shape}]`,
      );
  return { channels, rows: channels === 0 ? 0 : sizeOf(x.shape) / channels };
}

/** Layer norm over the last axis and its gradient (for @lad/nn); the forward also gives mean and 1 / sqrt(variance + eps) of every row. */
export function layerNormKernels({ addon, floats, allocate, result }: Device): KernelTable {
  return {
    LadLayerNorm: kernel<Rows & { offset: TensorInfo }, { eps: number }>(({ x, scale, offset }, { eps }) => {
      const { channels, rows } = describe("LadLayerNorm", x, { scale, offset });
      const [y, mean, inverse] = [allocate(sizeOf(x.shape)), allocate(rows), allocate(rows)];
      addon.layerNorm(floats(x), floats(scale), floats(offset), y, mean, inverse, eps, rows, channels);
      return [result(x.shape, y), result([rows], mean), result([rows], inverse)];
    }),
    LadLayerNormGradient: kernel<Rows & { dy: TensorInfo; mean: TensorInfo; inverse: TensorInfo }>((inputs) => {
      const { dy, x, scale, mean, inverse } = inputs;
      const { channels, rows } = describe("LadLayerNormGradient", x, { scale });
      if (`${dy.shape}` !== `${x.shape}` || sizeOf(mean.shape) !== rows || sizeOf(inverse.shape) !== rows)
        throw new LadError(
          "SHAPE_MISMATCH",
          `native LadLayerNormGradient: dy [${dy.shape}], mean [${mean.shape}] and inverse [${inverse.shape}] do not fit x [${x.shape}]`,
        );
      const [dx, dscale, doffset] = [allocate(sizeOf(x.shape)), allocate(channels), allocate(channels)];
      addon.layerNormGradient(...[dy, x, scale, mean, inverse].map(floats), dx, dscale, doffset, rows, channels);
      return [result(x.shape, dx), result([channels], dscale), result([channels], doffset)];
    }),
  };
}
