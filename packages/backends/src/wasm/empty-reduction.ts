import * as tf from "@tensorflow/tfjs-core";
import { type Kernel, sizeOf, stock } from "./heap";

/** Max, min and product as tfjs ships them, and what tfjs' cpu engine returns for nothing (NaN, NaN, 1) instead of unset memory. */
export function emptyReduction(name: "Max" | "Min" | "Prod", ofNothing: number): Kernel {
  return (backend, { x }, attributes) => {
    if (sizeOf(x!.shape) > 0) return stock(backend, name, { x: x! }, attributes);
    const { axis, reductionIndices = axis, keepDims } = attributes as Record<string, number[]> & { keepDims?: boolean };
    const axes = tf.util.parseAxisParam(reductionIndices ?? [], x!.shape);
    const [outShape] = tf.backend_util.computeOutAndReduceShapes(x!.shape, axes);
    const shape = keepDims ? tf.backend_util.expandShapeToKeepDim(outShape, axes) : outShape;
    const output = backend.makeOutput(shape, x!.dtype);
    backend.typedArrayFromHeap(output).fill(ofNothing);
    return output;
  };
}
