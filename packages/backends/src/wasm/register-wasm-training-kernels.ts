import { LadError } from "@lad/core";
import * as tf from "@tensorflow/tfjs-core";
import { batchMatMul } from "./batch-mat-mul";
import { fusedBatchNorm } from "./batch-norm";
import { convFilterGradient } from "./conv-filter-gradient";
import { convInputGradient } from "./conv-input-gradient";
import { cpuFallback } from "./cpu-fallback";
import { cast, clipByValue, identity, maximum, minimum, relu6, sign } from "./elementwise";
import { emptyReduction } from "./empty-reduction";
import { gather, unsortedSegmentSum } from "./gather";
import { type Info, type Kernel, keepStock, type Wasm } from "./heap";
import { maxPoolGradient } from "./max-pool-gradient";
import { mean, sum } from "./reduce";
import { reverse, stridedSlice, tile } from "./strided-copy";

/** What tfjs-backend-wasm 4.22 lacks. */
const missing: Readonly<Record<string, Kernel>> = {
  Conv2DBackpropFilter: convFilterGradient,
  UnsortedSegmentSum: unsortedSegmentSum,
  DepthwiseConv2dNativeBackpropFilter: cpuFallback("DepthwiseConv2dNativeBackpropFilter"),
  DepthwiseConv2dNativeBackpropInput: cpuFallback("DepthwiseConv2dNativeBackpropInput"),
};

/** What it has slow or wrong. */
const replaced: Readonly<Record<string, Kernel>> = {
  BatchMatMul: batchMatMul,
  Cast: cast,
  ClipByValue: clipByValue,
  Conv2DBackpropInput: convInputGradient,
  FusedBatchNorm: fusedBatchNorm,
  GatherV2: gather,
  Identity: identity,
  Max: emptyReduction("Max", Number.NaN),
  MaxPoolGrad: maxPoolGradient,
  Maximum: maximum,
  Mean: mean,
  Min: emptyReduction("Min", Number.NaN),
  Minimum: minimum,
  Prod: emptyReduction("Prod", 1),
  Relu6: relu6,
  Reverse: reverse,
  Sign: sign,
  StridedSlice: stridedSlice,
  Sum: sum,
  Tile: tile,
};

const marker = Symbol.for("lad.wasm-training-kernels");

/**
 * Gives the wasm engine what training needs: the kernels it lacks, and faster or corrected ones in place of some that it has. Kernels are global to tfjs; a second call does nothing.
 * `useBackend("wasm")` calls it; call it yourself after importing `@tensorflow/tfjs-backend-wasm` if you choose the engine with `tf.setBackend`.
 * @throws {LadError} ENGINE if `@tensorflow/tfjs-backend-wasm` was not imported.
 */
export function registerWasmTrainingKernels(): void {
  const globals = globalThis as { [marker]?: boolean };
  if (globals[marker]) return;
  if (!tf.getKernel("Conv2D", "wasm")) {
    throw new LadError(
      "ENGINE",
      'registerWasmTrainingKernels: the wasm engine is not loaded; import @tensorflow/tfjs-backend-wasm first, or call useBackend("wasm")',
    );
  }
  for (const [kernelName, kernel] of Object.entries(missing)) {
    if (tf.getKernel(kernelName, "wasm")) continue;
    tf.registerKernel({ kernelName, backendName: "wasm", kernelFunc: asKernelFunc(kernel) });
  }
  for (const [kernelName, kernel] of Object.entries(replaced)) {
    const original = tf.getKernel(kernelName, "wasm");
    keepStock(kernelName, original.kernelFunc);
    tf.unregisterKernel(kernelName, "wasm");
    // its set-up stays: it binds the stock kernel, which ours calls
    tf.registerKernel({ ...original, kernelFunc: asKernelFunc(kernel) });
  }
  globals[marker] = true;
}

function asKernelFunc(kernel: Kernel): tf.KernelFunc {
  return ({ inputs, backend, attrs }) =>
    kernel(backend as unknown as Wasm, inputs as Record<string, Info>, (attrs ?? {}) as tf.NamedAttrMap);
}
