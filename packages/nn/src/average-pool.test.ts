import "@tensorflow/tfjs-backend-cpu";
import { LadError } from "@lad/core";
import { expectGradient, expectNoLeak } from "@lad/testing";
import * as tf from "@tensorflow/tfjs-core";
import { beforeAll, expect, test } from "vitest";
import { type AveragePoolOptions, averagePool } from "./index";

beforeAll(() => tf.setBackend("cpu"));

const ramp = (height: number, width: number, batch = 1) =>
  tf.tensor4d(
    Float32Array.from({ length: batch * height * width }, (_, at) => at + 1),
    [batch, height, width, 1],
  );
const pooled = (height: number, width: number, options: AveragePoolOptions) =>
  tf.tidy(() => [...averagePool(ramp(height, width), options).dataSync()]);

// values of torch.nn.functional.avg_pool2d
test.each<[string, [number, number], AveragePoolOptions, number[]]>([
  ["whole windows", [2, 4], { size: 2, stride: 2 }, [3.5, 5.5]],
  ["what is left over is dropped", [3, 3], { size: 2, stride: 2 }, [3]],
  ["ceil keeps it, edges count their own pixels", [3, 3], { size: 2, stride: 2, ceil: true }, [3, 4.5, 7.5, 9]],
  ["padding counted", [2, 2], { size: 3, stride: 2, padding: 1 }, [10 / 9]],
  ["padding not counted", [2, 2], { size: 3, stride: 2, padding: 1, countPadding: false }, [2.5]],
  ["windows of one pixel", [1, 2], { size: 1, stride: 1, ceil: true }, [1, 2]],
  ["no window begins beyond the map", [1, 1], { size: 2, stride: 2, padding: 1, ceil: true }, [0.25]],
])("%s", (_, [height, width], options, expected) => {
  const found = pooled(height, width, options);
  expect(found).toHaveLength(expected.length);
  for (const [at, value] of found.entries()) expect(value).toBeCloseTo(expected[at]!, 5);
});

test("its gradient is that of central differences", () => {
  const x = tf.randomNormal([2, 5, 4, 2], 0, 1, "float32", 3);
  const options = [
    { size: 2, stride: 2, ceil: true, countPadding: false },
    { size: 3, stride: 2, padding: 1 },
  ];
  for (const each of options) expectGradient((map) => averagePool(map as tf.Tensor4D, each), [x]);
  x.dispose();
});

test("no images, no leak", async () => {
  const empty = tf.zeros<tf.Rank.R4>([0, 4, 4, 3]);
  const pool = (): void => tf.dispose(averagePool(empty, { size: 2, stride: 2, ceil: true }));
  await expectNoLeak(pool);
  expect(tf.tidy(() => averagePool(empty, { size: 2, stride: 2 }).shape)).toEqual([0, 2, 2, 3]);
  empty.dispose();
});

test("refuses sizes that do not fit", () => {
  const codes = [
    { size: 5, stride: 1 },
    { size: 2, stride: 0 },
    { size: 2, stride: 1, padding: 2 },
  ].map((options) => {
    try {
      pooled(3, 3, options);
    } catch (error) {
      return LadError.is(error) && error.code;
    }
    return "none";
  });
  expect(codes).toEqual(["SHAPE_MISMATCH", "INVALID_ARGUMENT", "INVALID_ARGUMENT"]);
});
