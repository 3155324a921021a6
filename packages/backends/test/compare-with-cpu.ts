import { type NdArray, random, type TypedArray } from "@lad/core";
import { expectClose, expectNoLeak } from "@lad/testing";
import * as tf from "@tensorflow/tfjs-core";

/** Reproducible normal numbers. */
export function normal(shape: number[], seed = 1): tf.Tensor {
  const stream = random(seed);
  return tf.tensor(
    Float32Array.from({ length: tf.util.sizeFromShape(shape) }, () => stream.normal()),
    shape,
  );
}

/** Runs `compute`, which makes its own inputs, on both engines and asserts equal shape, type and numbers, and that the wasm run leaks nothing. */
export async function expectAsOnCpu(
  compute: () => tf.Tensor,
  { relative = 1e-5, absolute = 1e-5 }: { readonly relative?: number; readonly absolute?: number } = {},
): Promise<void> {
  await tf.setBackend("cpu");
  const expected = values(compute);
  await tf.setBackend("wasm");
  const actual = await expectNoLeak(() => {
    const before = tf.backend().numDataIds();
    const result = values(compute);
    if (tf.backend().numDataIds() !== before) throw new Error("expectAsOnCpu: data is left on the wasm heap");
    return result;
  });
  if (actual.dtype !== expected.dtype) throw new Error(`dtype ${actual.dtype}, expected ${expected.dtype}`);
  expectClose(actual, expected, { relative, absolute });
}

type Values = NdArray<TypedArray> & { readonly dtype: tf.DataType };

function values(compute: () => tf.Tensor): Values {
  let found: Values | undefined;
  tf.tidy(() => {
    const result = compute();
    found = { data: result.dataSync(), shape: result.shape, dtype: result.dtype };
  });
  return found!;
}

/** Runs one kernel of the engine that is chosen. */
export function kernel(name: string, inputs: Record<string, tf.Tensor>, attributes: object): tf.Tensor {
  return tf.engine().runKernel(name, inputs, attributes as tf.NamedAttrMap) as tf.Tensor;
}
