import { LadError } from "@lad/core";
import type { TensorInfo } from "@tensorflow/tfjs-core";
import type { Device } from "../device";
import { areFloats, type KernelTable, kernel, sizeOf } from "../kernel";

type Statistics = { mean: TensorInfo; variance: TensorInfo };
type Affine = { x: TensorInfo; scale: TensorInfo; offset: TensorInfo };
/** What is added to the normalised map, and whether the sum is cut below 0. */
type Finish = { residual?: TensorInfo };
type Relu = { relu?: boolean };
/** Where a relu was fused, what tells where it cut: with a residual the output `y`, else the norm's `offset`. */
type Gradient = Statistics & { dy: TensorInfo; x: TensorInfo; scale: TensorInfo; y?: TensorInfo; offset?: TensorInfo };
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

function checkLike(who: string, x: TensorInfo, maps: Readonly<Record<string, TensorInfo | undefined>>): void {
  for (const [name, map] of Object.entries(maps))
    if (map && `${map.shape}` !== `${x.shape}`)
      throw new LadError(
        "SHAPE_MISMATCH",
        `native ${who}: ${name} must be of x's shape [${x.shape}], got [${map.shape}]`,
      );
}

function pixelsOf(x: TensorInfo, sets: number, channels: number): number {
  return channels * sets === 0 ? 0 : sizeOf(x.shape) / (channels * sets);
}

/** Batch norm with given statistics, and batch and group norm with the map's own, with their gradients; a residual and a relu in the same pass (for @lad/nn). */
export function normalizationKernels(device: Device): KernelTable {
  const { addon, floats, allocate, result } = device;
  const withStatistics = (
    who: string,
    { x, scale, offset, mean, variance, residual }: Affine & Statistics & Finish,
    eps: number,
    relu = false,
  ) => {
    const channels = channelsOf(who, x, { scale, offset, mean, variance });
    checkLike(who, x, { residual });
    const y = allocate(sizeOf(x.shape));
    const inputs = [x, scale, offset, mean, variance].map(floats);
    const added = residual ? floats(residual) : null;
    addon.normalizeWith(...inputs, y, eps, pixelsOf(x, 1, channels), channels, added, Number(relu));
    return result(x.shape, y);
  };
  return {
    ...ownStatistics(device),
    FusedBatchNorm: kernel<Affine & Statistics, { varianceEpsilon?: number }>((inputs, { varianceEpsilon = 0.001 }) => {
      const { x, scale, offset, mean, variance } = inputs;
      if (!areFloats(x) || [scale, offset, mean, variance].some((vector) => vector?.shape.length !== 1))
        return undefined;
      return withStatistics("FusedBatchNorm", inputs, varianceEpsilon);
    }),
    LadBatchNorm: kernel<Affine & Statistics & Finish, { eps: number } & Relu>((inputs, { eps, relu }) =>
      withStatistics("LadBatchNorm", inputs, eps, relu),
    ),
    LadBatchNormGradient: kernel<Gradient, { eps: number }>((inputs, { eps }) =>
      gradients(device, "LadBatchNormGradient", inputs, (arrays, x, channels, relu) => {
        channelsOf("LadBatchNormGradient", x, { mean: inputs.mean, variance: inputs.variance });
        addon.normalizeGradientWith(...arrays, eps, pixelsOf(x, 1, channels), channels, ...relu);
      }),
    ),
  };
}

function ownStatistics(device: Device): KernelTable {
  const { addon, floats, allocate, result } = device;
  return {
    LadNormalize: kernel<Affine & Finish, Sets & Relu>(
      ({ x, scale, offset, residual }, { eps, sets, groups, relu }) => {
        const channels = channelsOf("LadNormalize", x, { scale, offset });
        checkLike("LadNormalize", x, { residual });
        const [y, mean, variance] = [allocate(sizeOf(x.shape)), allocate(sets * channels), allocate(sets * channels)];
        const sizes = [sets, pixelsOf(x, sets, channels), channels, groups];
        const finish = [residual ? floats(residual) : null, Number(relu ?? false)];
        addon.normalize(floats(x), floats(scale), floats(offset), y, mean, variance, eps, ...sizes, ...finish);
        const shape = [sets, 1, 1, channels];
        return [result(x.shape, y), result(shape, mean), result(shape, variance)];
      },
    ),
    LadNormalizeGradient: kernel<Gradient, Sets>((inputs, { eps, sets, groups }) =>
      gradients(device, "LadNormalizeGradient", inputs, (arrays, x, channels, relu) => {
        channelsOf("LadNormalizeGradient", x, { mean: inputs.mean, variance: inputs.variance }, sets);
        const sizes = [sets, pixelsOf(x, sets, channels), channels, groups];
        addon.normalizeGradient(...arrays, eps, ...sizes, ...relu);
      }),
    ),
  };
}

type Arrays = (Float32Array | null)[];

/** Gradients of x, scale and offset, and with `y` that of the residual: dy, masked by the relu. */
function gradients(
  { floats, allocate, result }: Device,
  who: string,
  { dy, x, scale, mean, variance, y, offset }: Gradient,
  run: (arrays: Arrays, x: TensorInfo, channels: number, relu: Arrays) => void,
): TensorInfo[] {
  const channels = channelsOf(who, x, { scale, ...(offset && { offset }) });
  checkLike(who, x, { dy, y });
  const [dx, dscale, doffset] = [allocate(sizeOf(x.shape)), allocate(channels), allocate(channels)];
  const masked = y ? allocate(dx.length) : null;
  const relu = [y ? floats(y) : null, masked, offset ? floats(offset) : null];
  run([...[dy, x, scale, mean, variance].map(floats), dx, dscale, doffset], x, channels, relu);
  const made = [result(x.shape, dx), result([channels], dscale), result([channels], doffset)];
  return masked ? [...made, result(x.shape, masked)] : made;
}
