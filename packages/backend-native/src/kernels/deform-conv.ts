import { LadError } from "@lad/core";
import type { TensorInfo } from "@tensorflow/tfjs-core";
import type { Device } from "../device";
import { type KernelTable, kernel, numbers, sizeOf } from "../kernel";

type Inputs = { x: TensorInfo; offsets: TensorInfo; filter: TensorInfo; mask?: TensorInfo };
/** As @lad/nn describes a deformable convolution. */
type Shape = Readonly<
  Record<
    | "kernelHeight"
    | "kernelWidth"
    | "stride"
    | "padding"
    | "dilation"
    | "groups"
    | "deformGroups"
    | "outHeight"
    | "outWidth",
    number
  >
>;

/** Deformable convolution, v1 and v2 (with a mask), and its gradients. */
export function deformConvKernels({ addon, floats, allocate, result }: Device): KernelTable {
  const shapeNumbers = ({ x, filter }: Inputs, s: Shape) =>
    numbers(x.shape, s.kernelHeight, s.kernelWidth, filter.shape[3]!, s.outHeight, s.outWidth, [
      s.stride,
      s.padding,
      s.dilation,
      s.groups,
      s.deformGroups,
    ]);
  const optional = (tensor: TensorInfo | undefined) => (tensor ? floats(tensor) : null);

  return {
    LadDeformConv: kernel<Inputs, Shape>((inputs, shape) => {
      const { x, offsets, filter, mask } = inputs;
      const out = checked("LadDeformConv", inputs, shape);
      const y = allocate(sizeOf(out));
      const given = [floats(x), floats(offsets), optional(mask), floats(filter)];
      addon.deformConv(...given, y, shapeNumbers(inputs, shape));
      return result(out, y);
    }),
    LadDeformConvInputGradients: kernel<Inputs & { dy: TensorInfo }, Shape>(({ dy, ...inputs }, shape) => {
      const { x, offsets, filter, mask } = inputs;
      checked("LadDeformConvInputGradients", inputs, shape, dy);
      const given = [floats(x), floats(offsets), optional(mask), floats(filter), floats(dy)];
      const wanted = [x, offsets, ...(mask ? [mask] : [])];
      const [dx, doffsets, dmask] = wanted.map((tensor) => allocate(sizeOf(tensor.shape)));
      addon.deformConvInputGradients(...given, dx!, doffsets!, dmask ?? null, shapeNumbers(inputs, shape));
      return wanted.map((tensor, index) => result(tensor.shape, [dx, doffsets, dmask][index]!));
    }),
    LadDeformConvFilterGradient: kernel<Inputs & { dy: TensorInfo }, Shape>(({ dy, ...inputs }, shape) => {
      const { x, offsets, filter, mask } = inputs;
      checked("LadDeformConvFilterGradient", inputs, shape, dy);
      const dfilter = allocate(sizeOf(filter.shape));
      const given = [floats(x), floats(offsets), optional(mask), floats(dy)];
      addon.deformConvFilterGradient(...given, dfilter, shapeNumbers(inputs, shape));
      return result(filter.shape, dfilter);
    }),
  };
}

/** The output's shape; throws unless all others fit it. */
function checked(who: string, { x, offsets, filter, mask }: Inputs, shape: Shape, dy?: TensorInfo): number[] {
  const { kernelHeight, kernelWidth, groups, deformGroups, outHeight, outWidth } = shape;
  const samples = kernelHeight * kernelWidth * deformGroups;
  const map = (channels: number) => [x.shape[0]!, outHeight, outWidth, channels];
  const out = map(filter.shape[3]!);
  const wanted: [string, TensorInfo | undefined, number[]][] = [
    ["filter", filter, [kernelHeight, kernelWidth, x.shape[3]! / groups, filter.shape[3]!]],
    ["offsets", offsets, map(2 * samples)],
    ["mask", mask, map(samples)],
    ["dy", dy, out],
  ];
  for (const [name, tensor, own] of wanted)
    if (x.shape.length !== 4 || (tensor && `${tensor.shape}` !== `${own}`))
      throw new LadError(
        "SHAPE_MISMATCH",
        `native ${who}: ${name} must be [${own}] for x [${x.shape}], got [${tensor?.shape}]`,
      );
  return out;
}
