import * as tf from "@tensorflow/tfjs-core";
import { type Corner, deformCorners } from "./deform-corners";
import type { DeformShape, DeformTensors } from "./deform-shape";

// Deformable convolution out of operations that every engine has. To be run where nothing is recorded.
// P = B·H'·W' pixels of the output, T = KH·KW taps, D deformable groups, G groups, I inputs, O outputs.

/** `[B, H', W', O]`. */
export function deformForward(tensors: DeformTensors, shape: DeformShape): tf.Tensor4D {
  return tf.tidy(() => {
    const columns = splitColumns(sampled(tensors, shape), shape);
    const filters = splitFilter(tensors.filter, shape.groups);
    const maps = columns.map((part, group) => tf.matMul(part, filters[group]!)); // [P, O / G]
    return tf.reshape(tf.concat(maps, 1), outShape(tensors, shape));
  });
}

/** Gradients of x, offsets and, if there is one, mask. */
export function deformInputGradients(dy: tf.Tensor4D, tensors: DeformTensors, shape: DeformShape): tf.Tensor[] {
  const { x, filter, mask, offsets } = tensors;
  const filters = splitFilter(filter, shape.groups);
  return tf.tidy(() => {
    const parts = splitRows(dy, shape.groups).map((part, group) =>
      tf.matMul<tf.Tensor2D>(part, filters[group]!, false, true),
    );
    const rows = joinColumns(parts, tensors, shape); // [P·T·D, I / D], of the samples
    const corners = deformCorners(offsets, x.shape, shape);
    const strengths = mask ? maskRows(mask, shape) : undefined;
    const flat = flatMap(x, shape);
    const upper = strengths ? tf.mul(rows, strengths) : rows;
    const dx = tf.addN(
      corners.map(({ rows: at, weight }) =>
        tf.tidy(() => tf.scatterND(tf.reshape(at, [-1, 1]), tf.mul(upper, weight), flat.shape)),
      ),
    );
    const products = corners.map(({ rows: at }) => tf.tidy(() => tf.sum(tf.mul(tf.gather(flat, at), rows), 1, true)));
    const along = (slope: (corner: Corner) => tf.Tensor) =>
      tf.addN(corners.map((corner, index) => tf.mul(slope(corner), products[index]!))); // [P·T·D, 1]
    const slopes = tf.concat([along(({ byY }) => byY), along(({ byX }) => byX)], 1);
    const doffsets = perSample(strengths ? tf.mul(slopes, strengths) : slopes, offsets.shape, shape);
    const gradients = [tf.reshape(dx, x.shape), doffsets];
    return mask
      ? [
          ...gradients,
          perSample(
            along(({ weight }) => weight),
            mask.shape,
            shape,
          ),
        ]
      : gradients;
  });
}

/** Gradient of the filter. */
export function deformFilterGradient(dy: tf.Tensor4D, tensors: DeformTensors, shape: DeformShape): tf.Tensor {
  return tf.tidy(() => {
    const columns = splitColumns(sampled(tensors, shape), shape);
    const slopes = splitRows(dy, shape.groups);
    const parts = columns.map((part, group) => tf.matMul(part, slopes[group]!, true)); // [T·I / G, O / G]
    return tf.reshape(tf.concat(parts, 1), tensors.filter.shape);
  });
}

/** The map at all samples: `[P·T·D, I / D]`. */
function sampled({ x, offsets, mask }: DeformTensors, shape: DeformShape): tf.Tensor2D {
  return tf.tidy(() => {
    const flat = flatMap(x, shape);
    const corners = deformCorners(offsets, x.shape, shape);
    const sum = tf.addN(corners.map(({ rows, weight }) => tf.tidy(() => tf.mul(tf.gather(flat, rows), weight))));
    return (mask ? tf.mul(sum, maskRows(mask, shape)) : sum) as tf.Tensor2D;
  });
}

function outShape({ x, filter }: DeformTensors, shape: DeformShape): [number, number, number, number] {
  return [x.shape[0], shape.outHeight, shape.outWidth, filter.shape[3]];
}

/** `[B·H·W·D, I / D]`. */
function flatMap(x: tf.Tensor4D, { deformGroups }: DeformShape): tf.Tensor2D {
  const [batch, height, width, channels] = x.shape;
  return tf.reshape(x, [batch * height * width * deformGroups, channels / deformGroups]);
}

/** From channels `[…, D, T]` to a number a sample: `[P·T·D, 1]`. */
function maskRows(mask: tf.Tensor4D, { kernelHeight, kernelWidth, deformGroups }: DeformShape): tf.Tensor {
  const grouped = tf.reshape(mask, [-1, deformGroups, kernelHeight * kernelWidth]);
  return tf.reshape(deformGroups === 1 ? grouped : tf.transpose(grouped, [0, 2, 1]), [-1, 1]);
}

/** From numbers a sample `[P·T·D, n]` to channels `[…, D, T, n]`. */
function perSample(
  values: tf.Tensor,
  to: [number, number, number, number],
  { kernelHeight, kernelWidth, deformGroups }: DeformShape,
): tf.Tensor {
  const taps = tf.reshape(values, [-1, kernelHeight * kernelWidth, deformGroups, values.shape[1]!]);
  return tf.reshape(deformGroups === 1 ? taps : tf.transpose(taps, [0, 2, 1, 3]), to);
}

/** Samples as the left side of each group's product: `[P, T·I / G]`. */
function splitColumns(
  samples: tf.Tensor2D,
  { kernelHeight, kernelWidth, deformGroups, groups }: DeformShape,
): tf.Tensor2D[] {
  const taps = kernelHeight * kernelWidth;
  const channels = samples.shape[1] * deformGroups;
  const pixels = samples.shape[0] / (taps * deformGroups);
  const each = channels / groups;
  const columns = tf.reshape(samples, [pixels * taps, channels]);
  return Array.from({ length: groups }, (_, group) => {
    const own = groups === 1 ? columns : tf.slice(columns, [0, group * each], [-1, each]);
    return tf.reshape(own, [pixels, taps * each]);
  });
}

/** The other way: `[P·T·D, I / D]`. */
function joinColumns(parts: readonly tf.Tensor2D[], { x }: DeformTensors, shape: DeformShape): tf.Tensor2D {
  const each = x.shape[3] / shape.groups;
  const columns = tf.concat(
    parts.map((part) => tf.reshape(part, [-1, each]) as tf.Tensor2D),
    1,
  ); // [P·T, I]
  return tf.reshape(columns, [-1, x.shape[3] / shape.deformGroups]);
}

/** `[T·I / G, O / G]` for each group. */
function splitFilter(filter: tf.Tensor4D, groups: number): tf.Tensor2D[] {
  return splitLast(tf.reshape(filter, [-1, filter.shape[3]]) as tf.Tensor2D, groups);
}

/** `[P, O / G]` for each group. */
function splitRows(dy: tf.Tensor4D, groups: number): tf.Tensor2D[] {
  return splitLast(tf.reshape(dy, [-1, dy.shape[3]]) as tf.Tensor2D, groups);
}

function splitLast(matrix: tf.Tensor2D, groups: number): tf.Tensor2D[] {
  const each = matrix.shape[1] / groups;
  return Array.from({ length: groups }, (_, group) => tf.slice(matrix, [0, group * each], [-1, each]));
}
