import "@tensorflow/tfjs-backend-cpu";
import { createTape, fusedKernel } from "@lad/tensor";
import { expectNoLeak } from "@lad/testing";
import * as tf from "@tensorflow/tfjs-core";
import { afterEach, beforeAll, expect, it } from "vitest";
import { batchNorm, groupNorm } from "./index";
import { sharedTensors } from "./shared-tensors";

beforeAll(() => tf.setBackend("cpu"));
const names = ["LadBatchNormGradient", "LadNormalize", "LadNormalizeGradient"];
afterEach(() => {
  for (const name of names) if (tf.getKernel(name, "cpu")) tf.unregisterKernel(name, "cpu");
});

/** Stand-ins that answer with recognisable numbers and count their calls. */
function registerStandIns(calls: Record<string, number>): void {
  const shapes: Record<string, (x: number[]) => number[][]> = {
    LadBatchNormGradient: (x) => [x, [x[3]!], [x[3]!]],
    LadNormalizeGradient: (x) => [x, [x[3]!], [x[3]!]],
    LadNormalize: (x) => [x, [x[0]!, 1, 1, x[3]!], [x[0]!, 1, 1, x[3]!]],
  };
  for (const kernelName of names) {
    const kernelFunc: tf.KernelFunc = ({ inputs, backend }) => {
      calls[kernelName] = (calls[kernelName] ?? 0) + 1;
      type Backend = { makeTensorInfo(shape: number[], dtype: string, values: Float32Array): tf.TensorInfo };
      return shapes[kernelName]!(inputs.x!.shape).map((shape, index) =>
        (backend as Backend).makeTensorInfo(
          shape,
          "float32",
          new Float32Array(tf.util.sizeFromShape(shape)).fill(index + 5),
        ),
      );
    };
    tf.registerKernel({ kernelName, backendName: "cpu", kernelFunc });
  }
}

it("finds a kernel of the current engine only", () => {
  expect(fusedKernel("LadNormalize")).toBeUndefined();
  registerStandIns({});
  expect(fusedKernel("LadNormalize")).toBeTypeOf("function");
});

it("norms take an engine's own kernels, one backward call for all gradients of a tape", async () => {
  const calls: Record<string, number> = {};
  registerStandIns(calls);
  const [x, scale, offset] = [
    tf.variable(tf.ones([2, 3, 3, 4])),
    tf.variable(tf.ones([4])),
    tf.variable(tf.zeros([4])),
  ];
  const vectors = { mean: tf.zeros([4]), variance: tf.ones([4]) };
  const norms = [
    () => groupNorm(x as tf.Tensor4D, { scale, offset, groups: 2 }),
    () => batchNorm(x as tf.Tensor4D, { scale, offset, ...vectors }),
  ];
  await expectNoLeak(() => {
    for (const norm of norms) {
      const tape = createTape();
      const loss = tape.run(() => tf.sum(norm()));
      const gradients = tape.gradients({ loss }, [x, scale, offset]);
      expect([x, scale, offset].map((variable) => gradients.get(variable)!.dataSync()[0])).toEqual([5, 6, 7]);
      tape.end();
    }
  });
  expect(calls).toEqual({ LadNormalize: 1, LadNormalizeGradient: 1, LadBatchNormGradient: 1 });
  // tfjs' own gradients tidy every input apart: computed again rather than read after disposal
  const [dx, dscale] = tf.grads((a, b) => tf.sum(groupNorm(a as tf.Tensor4D, { scale: b, offset, groups: 2 })))([
    x,
    scale,
  ]);
  expect([dx!.dataSync()[0], dscale!.dataSync()[0]]).toEqual([5, 6]);
  tf.dispose([x, scale, offset, vectors, dx!, dscale!]);
});

it("shares tensors until they are disposed", () => {
  let computed = 0;
  const shared = sharedTensors(() => [tf.scalar(++computed)]);
  const first = shared()[0]!;
  expect(shared()[0]).toBe(first);
  first.dispose();
  expect(shared()[0]!.dataSync()[0]).toBe(2);
  tf.dispose(shared());
});
