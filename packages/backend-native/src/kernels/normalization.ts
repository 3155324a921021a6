import { LadError } from "@lad/core";
import type { TensorInfo } from "@tensorflow/tfjs-core";
import type { Device } from "../device";
import { areFloats, type KernelTable, kernel, sizeOf } from "../kernel";

type Statistics = { mean: TensorInfo; variance: TensorInfo };
type Affine = { x: TensorInfo; scale: TensorInfo; offset: TensorInfo };
type Gradient = Statistics & { dy: TensorInfo; x: TensorInfo; scale: TensorInfo };
/** x is taken as [sets, pixels, channels]; neighbouring channels form groups. */
type Sets = { eps: number; sets: number; groups: number };

function channelsOf(who: string, x: TensorInfo, vectors: Readonly<Record<string, TensorInfo>>, each = 1): number {
  const channels = x.shape.at(-1) ?? 0;
  for (const [name, { shape }] of Object.entries(vectors)) {
    if (sizeOf(shape) !== channels * each)
      throw new LadError(
        "SHAPE_MISMATCH",
        `native ${who}: ${name} must have ${channels * each} elements for x [${x.shape}], got [${shape}]`,
      );
  }
  return channels;
}

function pixelsOf(x: TensorInfo, sets: number, channels: number): number {
  return channels * sets === 0 ? 0 : sizeOf(x.shape) / (channels * sets);
}

/** Batch norm with given statistics, and batch and group norm with the map's own, with their gradients (for @lad/nn). */
export function normalizationKernels({ addon, floats, allocate, result }: Device): KernelTable {
  return {
    FusedBatchNorm: kernel<Affine & Statistics, { varianceEpsilon?: number }>(
      ({ x, scale, offset, mean, variance }, { varianceEpsilon: eps = 0.001 }) => {
        const given = [scale, offset, mean, variance];
        if (!areFloats(x) || given.some((vector) => vector?.shape.length !== 1)) return undefined;
        const channels = channelsOf("FusedBatchNorm", x, { scale, offset, mean, variance });
        const y = allocate(sizeOf(x.shape));
        const [a, b, center, spread] = given.map(floats) as [Float32Array, Float32Array, Float32Array, Float32Array];
        addon.normalizeWith(floats(x), a, b, center, spread, y, eps, pixelsOf(x, 1, channels), channels);
        return result(x.shape, y);
      },
    ),
    LadBatchNormGradient: kernel<Gradient, { eps: number }>(({ dy, x, scale, mean, variance }, { eps }) => {
      const channels = channelsOf("LadBatchNormGradient", x, { scale, mean, variance });
      const [dx, dscale, doffset] = [allocate(sizeOf(x.shape)), allocate(channels), allocate(channels)];
      const inputs = [dy, x, scale, mean, variance].map(floats);
      addon.normalizeGradientWith(...inputs, dx, dscale, doffset, eps, pixelsOf(x, 1, channels), channels);
      return [result(x.shape, dx), result([channels], dscale), result([channels], doffset)];
    }),
    LadNormalize: kernel<Affine, Sets>(({ x, scale, offset }, { eps, sets, groups }) => {
      const channels = channelsOf("LadNormalize", x, { scale, offset });
      const [y, mean, variance] = [allocate(sizeOf(x.shape)), allocate(sets * channels), allocate(sets * channels)];
      const sizes = [sets, pixelsOf(x, sets, channels), channels, groups];
      addon.normalize(floats(x), floats(scale), floats(offset), y, mean, variance, eps, ...sizes);
      const shape = [sets, 1, 1, channels];
      return [result(x.shape, y), result(shape, mean), result(shape, variance)];
    }),
    LadNormalizeGradient: kernel<Gradient, Sets>(({ dy, x, scale, mean, variance }, { eps, sets, groups }) => {
      const channels = channelsOf("LadNormalizeGradient", x, { scale });
      channelsOf("LadNormalizeGradient", x, { mean, variance }, sets);
      const [dx, dscale, doffset] = [allocate(sizeOf(x.shape)), allocate(channels), allocate(channels)];
      const inputs = [dy, x, scale, mean, variance].map(floats);
      addon.normalizeGradient(...inputs, dx, dscale, doffset, eps, sets, pixelsOf(x, sets, channels), channels, groups);
      return [result(x.shape, dx), result([channels], dscale), result([channels], doffset)];
    }),
  };
}
