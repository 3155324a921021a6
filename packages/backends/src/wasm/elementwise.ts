import * as tf from "@tensorflow/tfjs-core";
import { elements, floats, type Info, type Kernel, reshaped, sizeOf, stock, type Wasm } from "./heap";
import { broadcast } from "./strided-copy";

/** Larger of two; NaN if either is (the stock kernel keeps one of them, depending on the order). */
export const maximum: Kernel = (backend, { a, b }) =>
  a!.dtype === "float32" ? binary(backend, a!, b!, larger) : stock(backend, "Maximum", { a: a!, b: b! });

/** Smaller of two; NaN if either is. */
export const minimum: Kernel = (backend, { a, b }) =>
  a!.dtype === "float32" ? binary(backend, a!, b!, smaller) : stock(backend, "Minimum", { a: a!, b: b! });

/** Clamps into `[clipValueMin, clipValueMax]`; NaN stays NaN (XNNPACK's becomes the lower bound, and integers are not clamped at all). */
export const clipByValue: Kernel = (backend, { x }, attributes) => {
  const { clipValueMin, clipValueMax } = attributes as { clipValueMin: number; clipValueMax: number };
  return clamp(backend, x!, clipValueMin, clipValueMax);
};

/** `min(max(x, 0), 6)`; NaN stays NaN. */
export const relu6: Kernel = (backend, { x }) => clamp(backend, x!, 0, 6);

/** -1, 0 or 1; of NaN: NaN. (The stock kernel calls 1e-10 zero.) */
export const sign: Kernel = (backend, { x }) => {
  if (x!.dtype !== "float32") return stock(backend, "Sign", { x: x! });
  const output = backend.makeOutput(x!.shape, "float32");
  const [source, target] = [floats(backend, x!), floats(backend, output)];
  for (let i = 0; i < source.length; i++) target[i] = Math.sign(source[i]!);
  return output;
};

/** The tensor itself under another handle (the stock kernel copies). */
export const identity: Kernel = (backend, { x }) => reshaped(backend, x!, x!.shape);

/** Changes the type of numbers; to bool: whether they differ from 0 (the stock kernel keeps the lowest byte of the integer part). Nothing is copied if the type stays. */
export const cast: Kernel = (backend, { x }, attributes) => {
  const { dtype } = attributes as { dtype: tf.DataType };
  if (dtype === x!.dtype) return reshaped(backend, x!, x!.shape);
  if (dtype !== "bool") return stock(backend, "Cast", { x: x! }, attributes);
  const output = backend.makeOutput(x!.shape, "bool");
  const [source, target] = [elements(backend, x!), elements(backend, output)];
  for (let i = 0; i < source.length; i++) target[i] = source[i] !== 0 ? 1 : 0;
  return output;
};

function clamp(backend: Wasm, x: Info, low: number, high: number): Info {
  const output = backend.makeOutput(x.shape, x.dtype);
  const [source, target] = [elements(backend, x), elements(backend, output)];
  // both keep NaN
  for (let i = 0; i < source.length; i++) target[i] = Math.min(Math.max(source[i]!, low), high);
  return output;
}

type Loop = (a: Float32Array, b: Float32Array, output: Float32Array) => void;

function binary(backend: Wasm, a: Info, b: Info, loop: Loop): Info {
  const shape = tf.backend_util.assertAndGetBroadcastShape(a.shape, b.shape);
  const size = sizeOf(shape);
  const output = backend.makeOutput(shape, "float32");
  const operands = [a, b].map((operand) =>
    sizeOf(operand.shape) === size || sizeOf(operand.shape) === 1
      ? { info: operand, owned: false }
      : { info: broadcast(backend, operand, shape), owned: true },
  );
  loop(floats(backend, operands[0]!.info), floats(backend, operands[1]!.info), floats(backend, output));
  for (const { info, owned } of operands) if (owned) backend.disposeData(info.dataId);
  return output;
}

// A step of 0 broadcasts a single number.
const larger: Loop = (a, b, output) => {
  const [stepA, stepB] = [a.length === 1 ? 0 : 1, b.length === 1 ? 0 : 1];
  for (let i = 0, p = 0, q = 0; i < output.length; i++, p += stepA, q += stepB) {
    const [x, y] = [a[p]!, b[q]!];
    output[i] = x > y || Number.isNaN(x) ? x : y;
  }
};

const smaller: Loop = (a, b, output) => {
  const [stepA, stepB] = [a.length === 1 ? 0 : 1, b.length === 1 ? 0 : 1];
  for (let i = 0, p = 0, q = 0; i < output.length; i++, p += stepA, q += stepB) {
    const [x, y] = [a[p]!, b[q]!];
    output[i] = x < y || Number.isNaN(x) ? x : y;
  }
};
