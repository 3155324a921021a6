import { LadError } from "@lad/core";
import * as tf from "@tensorflow/tfjs-core";
import { expect, it } from "vitest";
import { useBackend } from "../use-backend";
import { cpuFallback } from "./cpu-fallback";
import { alias, floats, releaseAlias, reshaped, type Wasm, zeros } from "./heap";
import { registerWasmTrainingKernels } from "./register-wasm-training-kernels";

it("asks for the engine first, then registers once", async () => {
  expect(registerWasmTrainingKernels).toThrow(
    "the wasm engine is not loaded; import @tensorflow/tfjs-backend-wasm first",
  );
  await useBackend("wasm");
  const kernels = () => tf.getKernelsForBackend("wasm").map((config) => config.kernelFunc);
  const before = kernels();
  registerWasmTrainingKernels();
  expect(kernels()).toEqual(before);
});

it("has every kernel that the gradients of this library's operations use", async () => {
  await useBackend("wasm");
  const names = `Abs Add AddN AvgPool AvgPoolGrad BatchMatMul Cast ClipByValue Concat Conv2D Conv2DBackpropFilter
    Conv2DBackpropInput Cumsum Equal Exp ExpandDims Expm1 Fill Floor FusedBatchNorm GatherNd GatherV2 Greater GreaterEqual
    Identity Less LessEqual Log Log1p LogicalAnd LogicalNot Max MaxPool MaxPoolGrad Maximum Mean Min Minimum Multiply Neg
    NotEqual OneHot OnesLike Pack PadV2 Pow Prod RealDiv Reciprocal Relu Reshape ResizeBilinear ResizeBilinearGrad
    ResizeNearestNeighbor ResizeNearestNeighborGrad Reverse Rsqrt ScatterNd Select Sigmoid Sign Slice Softmax Softplus SplitV
    Sqrt Square SquaredDifference Step StridedSlice Sub Sum Tanh TensorScatterUpdate Tile TopK Transpose Unpack
    UnsortedSegmentSum ZerosLike`;
  for (const name of names.split(/\s+/)) expect(tf.getKernel(name, "wasm"), name).toBeDefined();
});

it("shares memory between an alias and its owner until the owner is freed", async () => {
  await useBackend("wasm");
  const backend = tf.backend() as unknown as Wasm;
  const before = backend.numDataIds();
  const owner = zeros(backend, [2, 3]);
  const part = alias(backend, owner, [2], 3);
  floats(backend, part).set([7, 8]);
  expect([...floats(backend, owner)]).toEqual([0, 0, 0, 7, 8, 0]);
  releaseAlias(backend, part);
  const again = reshaped(backend, owner, [6]);
  expect(again).toMatchObject({ dataId: owner.dataId, shape: [6] });
  expect(backend.disposeData(owner.dataId)).toBe(false);
  expect(backend.disposeData(again.dataId)).toBe(true);
  expect(backend.numDataIds()).toBe(before);
});

it("names a kernel that no engine has", () => {
  const run = () => cpuFallback("NoSuchKernel")({} as Wasm, {}, {});
  expect(run).toThrow("NoSuchKernel: the wasm engine runs this kernel on the cpu engine");
  try {
    run();
  } catch (error) {
    expect(LadError.is(error) && error.code).toBe("ENGINE");
  }
});
