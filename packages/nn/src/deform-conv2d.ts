import { fusedKernel } from "@lad/tensor";
import * as tf from "@tensorflow/tfjs-core";
import { addBias } from "./add-bias";
import { checkChannels } from "./check";
import { customOp } from "./custom-op";
import { deformFilterGradient, deformForward, deformInputGradients } from "./deform-composed";
import { type DeformShape, type DeformTensors, deformShape } from "./deform-shape";
import { sharedTensors } from "./shared-tensors";

export type DeformConv2dOptions = {
  /** `[B, H', W', D·KH·KW]`, factor of every sample (modulated deformable convolution, v2); usually a sigmoid. */
  readonly mask?: tf.Tensor4D;
  readonly stride?: number;
  /** px on each side. */
  readonly padding?: number;
  /** Distance between the taps of the filter before they move, px. */
  readonly dilation?: number;
  /** `[O]`, added to every pixel. */
  readonly bias?: tf.Tensor;
};

/**
 * Deformable convolution, channels last: a convolution whose taps read the map, bilinearly, at their own place plus an offset, times the mask if there
 * is one. Outside of the map is 0; a sample fades out over the cell around it. Differentiable in `x`, `offsets`, `filter`, `mask` and `bias`.
 * Groups and deformable groups D are read off the channels of `filter` and `offsets`.
 * Follows mmcv's and torchvision's `deform_conv2d`.
 * @param x `[B, H, W, I]`. B may be 0.
 * @param offsets `[B, H', W', D·KH·KW·2]` px; deformable group by group, tap by tap (rows first), y before x.
 * @param filter `[KH, KW, I / groups, O]`.
 * @returns `[B, H', W', O]`, H' and W' as of `conv2d`.
 * @throws {LadError} SHAPE_MISMATCH if shapes do not fit together, INVALID_ARGUMENT for stride, padding, dilation.
 * @see arXiv:1703.06211, arXiv:1811.11168
 */
export function deformConv2d(
  x: tf.Tensor4D,
  offsets: tf.Tensor4D,
  filter: tf.Tensor4D,
  { mask, stride = 1, padding = 0, dilation = 1, bias }: DeformConv2dOptions = {},
): tf.Tensor4D {
  const inputs = { x, offsets, filter, ...(mask ? { mask } : {}) };
  const shape = deformShape(inputs, { stride, padding, dilation });
  if (bias) checkChannels("deformConv2d", filter.shape[3], { bias });
  const kernels = chooseKernels(x.shape[0] === 0);
  const convolve = () =>
    customOp(
      inputs as Record<string, tf.Tensor>,
      (save) => {
        save(Object.values(inputs));
        return kernels.forward(inputs, shape);
      },
      (dy, saved) => {
        const tensors = named(saved);
        const shared = sharedTensors(() => kernels.inputGradients(dy, tensors, shape));
        return {
          x: () => shared()[0]!,
          offsets: () => shared()[1]!,
          filter: () => kernels.filterGradient(dy, tensors, shape),
          ...(mask ? { mask: () => shared()[2]! } : {}),
        };
      },
    );
  return bias ? tf.tidy(() => addBias(convolve(), bias)) : convolve();
}

type Kernels = {
  forward(tensors: DeformTensors, shape: DeformShape): tf.Tensor4D;
  /** Of x, offsets and, if there is one, mask. */
  inputGradients(dy: tf.Tensor4D, tensors: DeformTensors, shape: DeformShape): tf.Tensor[];
  filterGradient(dy: tf.Tensor4D, tensors: DeformTensors, shape: DeformShape): tf.Tensor;
};

const composed: Kernels = {
  forward: deformForward,
  inputGradients: deformInputGradients,
  filterGradient: deformFilterGradient,
};

/** Of no images. */
const empty: Kernels = {
  forward: ({ filter }, { outHeight, outWidth }) => tf.zeros([0, outHeight, outWidth, filter.shape[3]]),
  inputGradients: (_, { x, offsets, mask }) => [x, offsets, ...(mask ? [mask] : [])].map((map) => tf.zeros(map.shape)),
  filterGradient: (_, { filter }) => tf.zeros(filter.shape),
};

function chooseKernels(none: boolean): Kernels {
  const [forward, inputGradients, filterGradient] = [
    fusedKernel("LadDeformConv"),
    fusedKernel("LadDeformConvInputGradients"),
    fusedKernel("LadDeformConvFilterGradient"),
  ];
  if (none || !forward || !inputGradients || !filterGradient) return none ? empty : composed;
  return {
    forward: (tensors, shape) => forward(tensors, shape)[0] as tf.Tensor4D,
    inputGradients: (dy, tensors, shape) => inputGradients({ dy, ...tensors }, shape),
    filterGradient: (dy, tensors, shape) => filterGradient({ dy, ...tensors }, shape)[0]!,
  };
}

function named([x, offsets, filter, mask]: tf.Tensor[]): DeformTensors {
  return { x, offsets, filter, ...(mask ? { mask } : {}) } as DeformTensors;
}
