import * as tf from "@tensorflow/tfjs-core";
import { addBias } from "./add-bias";
import { padded } from "./padding-mode";

export type ConvOptions = {
  readonly stride: number;
  readonly padding: number;
  readonly dilation: number;
  readonly groups: number;
  readonly bias?: tf.Tensor | undefined;
};

/** `conv2d` out of operations that every engine has: groups one by one, zeros between the taps of a dilated filter. */
export function composedConv2d(
  x: tf.Tensor4D,
  filter: tf.Tensor4D,
  { stride, padding, dilation, groups, bias }: ConvOptions,
): tf.Tensor4D {
  return tf.tidy(() => {
    const map = padded(x, padding, 0);
    const taps = dilation === 1 ? filter : dilated(filter, dilation);
    const value = groups === 1 ? tf.conv2d(map.x, taps, stride, map.pad) : oneByOne(map, taps, stride, groups);
    return bias ? addBias(value, bias) : value;
  });
}

/** tfjs has no grouped convolution: one for each group. */
function oneByOne(map: ReturnType<typeof padded>, filter: tf.Tensor4D, stride: number, groups: number): tf.Tensor4D {
  const maps: tf.Tensor4D[] = tf.split(map.x, groups, 3);
  const filters: tf.Tensor4D[] = tf.split(filter, groups, 3);
  return tf.concat(
    maps.map((part, group) => tf.conv2d(part, filters[group]!, stride, map.pad)),
    3,
  );
}

/** tfjs has no gradient for dilated convolution: zeros between the taps make it an ordinary one. */
function dilated(filter: tf.Tensor4D, dilation: number): tf.Tensor4D {
  const [height, width, inputs, outputs] = filter.shape;
  const [tall, wide] = [(height - 1) * dilation + 1, (width - 1) * dilation + 1];
  const gap: [number, number] = [0, dilation - 1];
  const none: [number, number] = [0, 0];
  const rows = tf.pad(tf.reshape(filter, [height, 1, width * inputs * outputs]), [none, gap, none]);
  const spread = tf.slice(tf.reshape(rows, [height * dilation, width * inputs * outputs]), [0, 0], [tall, -1]);
  const columns = tf.pad(tf.reshape(spread, [tall * width, 1, inputs * outputs]), [none, gap, none]);
  const all = tf.slice(tf.reshape(columns, [tall, width * dilation, inputs * outputs]), [0, 0, 0], [-1, wide, -1]);
  return tf.reshape(all, [tall, wide, inputs, outputs]);
}
