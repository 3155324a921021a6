import type { BackendWasm } from "@tensorflow/tfjs-backend-wasm";
import * as tf from "@tensorflow/tfjs-core";

/** A tensor as kernels see it: the numbers lie on the wasm heap. */
export type Info = tf.TensorInfo;
export type Wasm = BackendWasm;
/** A kernel of the wasm engine with its arguments spelt out. */
export type Kernel = (backend: Wasm, inputs: Record<string, Info>, attributes: tf.NamedAttrMap) => Info;

/** The heap as it is now; a later allocation may replace it. */
function heapOf(backend: Wasm): ArrayBuffer {
  return (backend.wasm as unknown as { HEAPU8: Uint8Array<ArrayBuffer> }).HEAPU8.buffer;
}

/**
 * The float32 numbers of a tensor, in place. Allocating may grow the heap and detach every view: make all outputs first, views last.
 */
export function floats(backend: Wasm, info: Info): Float32Array {
  return new Float32Array(heapOf(backend), backend.getMemoryOffset(info.dataId), sizeOf(info.shape));
}

/** The numbers of a tensor of any type, in place. */
export function elements(backend: Wasm, info: Info): Float32Array | Int32Array | Uint8Array {
  return backend.typedArrayFromHeap(info) as Float32Array | Int32Array | Uint8Array;
}

/** The numbers of a tensor as integers of their size, for kernels that only move them (keeps the payload of NaN). */
export function units(backend: Wasm, info: Info): Units {
  if (info.dtype === "bool") return elements(backend, info) as Uint8Array;
  return new Int32Array(heapOf(backend), backend.getMemoryOffset(info.dataId), sizeOf(info.shape));
}

export type Units = Int32Array | Uint8Array;

export function sizeOf(shape: readonly number[]): number {
  return tf.util.sizeFromShape(shape as number[]);
}

/** A second handle on part of a tensor's memory, from the given element on. Free it with `releaseAlias` before its owner. */
export function alias(backend: Wasm, owner: Info, shape: readonly number[], element = 0): Info {
  return backend.makeOutput(shape as number[], owner.dtype, backend.getMemoryOffset(owner.dataId) + 4 * element);
}

/** Forgets an alias, and what XNNPACK packed for it, without freeing the memory. */
export function releaseAlias(backend: Wasm, info: Info): void {
  backend.wasm.tfjs.disposeData(backend.dataIdMap.get(info.dataId).id);
  backend.dataIdMap.delete(info.dataId);
}

/** A zero-filled float32 output. */
export function zeros(backend: Wasm, shape: readonly number[]): Info {
  const output = backend.makeOutput(shape as number[], "float32");
  floats(backend, output).fill(0);
  return output;
}

/** The same numbers under another shape and a handle of their own. */
export function reshaped(backend: Wasm, info: Info, shape: readonly number[]): Info {
  backend.incRef(info.dataId);
  return { dataId: info.dataId, shape: shape as number[], dtype: info.dtype };
}

/** Kernels as tfjs ships them, by name; ours replace some and build on others. */
const stockKernels = new Map<string, tf.KernelFunc>();

/** Remembers the stock kernel before it is replaced. */
export function keepStock(name: string, kernel: tf.KernelFunc): void {
  if (!stockKernels.has(name)) stockKernels.set(name, kernel);
}

/** Runs the kernel that tfjs ships, also where ours has replaced it. */
export function stock(backend: Wasm, name: string, inputs: Record<string, Info>, attributes: object = {}): Info {
  const kernel = stockKernels.get(name) ?? tf.getKernel(name, "wasm").kernelFunc;
  return kernel({ inputs, backend, attrs: attributes as tf.NamedAttrMap }) as Info;
}
