import "@tensorflow/tfjs-backend-cpu";
import { ndArray, random, type TypedArray } from "@lad/core";
import { expectClose } from "@lad/testing";
import * as tf from "@tensorflow/tfjs-core";
import { beforeAll, describe, expect, it } from "vitest";
import { registerNative, takeFallbacks } from "../src/index";

/** A suite on the native engine. Where the add-on cannot be built it is this one test instead, which passes only there. */
export function nativeSuite(name: string, suite: () => void): void {
  const missing = process.env.LAD_ADDON_MISSING;
  if (missing !== undefined) {
    it(`${name}: cannot run here: ${missing}`, () => expect(missing).toContain("this is missing"));
    return;
  }
  describe(name, () => {
    beforeAll(async () => {
      tf.env().set("PROD", true);
      await registerNative();
      await tf.setBackend("native");
    });
    suite();
  });
}

/** Seeded values, standard normal. */
export function normal(shape: readonly number[], seed = 1, scale = 1): tf.Tensor {
  const stream = random(seed);
  const size = tf.util.sizeFromShape([...shape]);
  return tf.tensor(
    Float32Array.from({ length: size }, () => scale * stream.normal()),
    [...shape],
    "float32",
  );
}

type Options = { readonly relative?: number; readonly absolute?: number; readonly plain?: readonly string[] };

/** Runs `compute` on both engines and compares all results; on the native one no kernel but those in `plain` may fall back to JavaScript. */
export async function expectSameAsCpu(
  compute: () => tf.Tensor | tf.Tensor[],
  { relative = 1e-5, absolute = 1e-5, plain = [] }: Options = {},
): Promise<void> {
  const run = async (engine: string) => {
    await tf.setBackend(engine);
    const results = tf.tidy(compute);
    const list = Array.isArray(results) ? results : [results];
    const read = list.map((tensor) => ({
      dtype: tensor.dtype,
      ...ndArray(tensor.dataSync().slice() as TypedArray, tensor.shape),
    }));
    tf.dispose(list);
    return read;
  };
  try {
    const expected = await run("cpu");
    await tf.setBackend("native");
    takeFallbacks();
    const actual = await run("native");
    expect([...takeFallbacks().keys()].filter((name) => !plain.includes(name))).toEqual([]);
    expect(actual.map(({ dtype }) => dtype)).toEqual(expected.map(({ dtype }) => dtype));
    actual.forEach((values, index) => {
      expectClose(values, expected[index]!, { relative, absolute, name: `result ${index}` });
    });
  } finally {
    await tf.setBackend("native");
  }
}
