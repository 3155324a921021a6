import type { Random } from "@lad/core";

/** Values of a new parameter; `shape` is HWIO for convolutions (`[I, O]` for linear layers). */
export type Initializer = (shape: readonly number[], random: Random) => Float32Array;

function fans(shape: readonly number[]): { readonly size: number; readonly fanIn: number; readonly fanOut: number } {
  const [inputs = 1, outputs = 1] = shape.slice(-2);
  const taps = shape.slice(0, -2).reduce((product, side) => product * side, 1);
  return { size: taps * inputs * outputs, fanIn: taps * inputs, fanOut: taps * outputs };
}

/** `Float32Array.from` takes twice as long, seconds for a ResNet-101. */
function filled(size: number, next: () => number): Float32Array {
  const values = new Float32Array(size);
  for (let index = 0; index < size; index++) values[index] = next();
  return values;
}

/** Normal with standard deviation `sqrt(2 / fanOut)`: Kaiming for ReLU, fan-out, as mmcv's `kaiming_init` of ResNet. */
export const kaimingNormal: Initializer = (shape, random) => {
  const { size, fanOut } = fans(shape);
  const std = Math.sqrt(2 / fanOut);
  return filled(size, () => std * random.normal());
};

/** Uniform in `±sqrt(6 / (fanIn + fanOut))`. */
export const xavierUniform: Initializer = (shape, random) => {
  const { size, fanIn, fanOut } = fans(shape);
  const bound = Math.sqrt(6 / (fanIn + fanOut));
  return filled(size, () => bound * (2 * random.uniform() - 1));
};

/** Normal with mean 0. */
export function normalInit(std: number): Initializer {
  return (shape, random) => filled(fans(shape).size, () => std * random.normal());
}

/** One value everywhere. */
export function constant(value: number): Initializer {
  return (shape) => new Float32Array(fans(shape).size).fill(value);
}
