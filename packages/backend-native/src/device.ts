import { LadError } from "@lad/core";
import { type DataType, type TensorInfo, util } from "@tensorflow/tfjs-core";
import type { Addon } from "./addon";
import type { NativeBackend } from "./native-backend";

export type Values = Float32Array | Int32Array | Uint8Array;

/** What kernels work with: the add-on, and tensors as typed arrays. */
export type Device = {
  readonly addon: Addon;
  readonly backend: NativeBackend;
  /** A tensor's values as float32, whatever array it lies on. */
  floats(tensor: TensorInfo): Float32Array;
  /** A tensor's values in the array of its type; undefined for strings and complex numbers. */
  values(tensor: TensorInfo): Values | undefined;
  /** Uninitialised memory for a result. */
  allocate(size: number): Float32Array;
  allocateLike(size: number, dtype: DataType): Values;
  /** Memory for a tensor's next values, and the tensor on it: its own memory where nobody else can see it, unless `over` is false. */
  replacement(tensor: TensorInfo, over?: boolean): { readonly values: Float32Array; readonly info: TensorInfo };
  /** Gives back memory of `allocate` that no result lies on. */
  recycle(values: Values): void;
  result(shape: readonly number[], values: Values, dtype?: DataType): TensorInfo;
};

export function createDevice(backend: NativeBackend, addon: Addon): Device {
  const memory = (size: number, width: number): ArrayBuffer => {
    if (!(size * width < 2 ** 33 && size < 2 ** 31))
      throw new LadError(
        "UNSUPPORTED",
        `native: a tensor of ${size} elements is too large, less than 2^31 are possible`,
      );
    return size * width <= 16 ? new ArrayBuffer(size * width) : backend.pool.take(size * width);
  };
  const arrays = {
    float32: (size: number) => new Float32Array(memory(size, 4), 0, size),
    int32: (size: number) => new Int32Array(memory(size, 4), 0, size),
    bool: (size: number) => new Uint8Array(memory(size, 1), 0, size),
  };
  const values = (tensor: TensorInfo): Values | undefined => {
    const stored = backend.data.get(tensor.dataId).values as Values | undefined;
    if (!ArrayBuffer.isView(stored)) return undefined;
    if (tensor.dtype === "float32") return stored instanceof Float32Array ? stored : Float32Array.from(stored);
    if (tensor.dtype === "int32") return stored instanceof Int32Array ? stored : Int32Array.from(stored);
    if (tensor.dtype === "bool") return stored instanceof Uint8Array ? stored : Uint8Array.from(stored);
    return undefined;
  };
  const result = (shape: readonly number[], data: Values, dtype: DataType = "float32") =>
    backend.makeTensorInfo([...shape], dtype, data);
  return {
    addon,
    backend,
    values,
    floats(tensor) {
      const found = values(tensor);
      if (!found) throw new LadError("ENGINE", `native: wanted a tensor of numbers, got ${tensor.dtype}`);
      return found instanceof Float32Array ? found : Float32Array.from(found);
    },
    allocate: arrays.float32,
    allocateLike: (size, dtype) => (arrays[dtype as keyof typeof arrays] ?? arrays.float32)(size),
    replacement(tensor, over = true) {
      const own = over ? backend.claim(tensor.dataId) : undefined;
      if (!own) {
        const fresh = arrays.float32(util.sizeFromShape(tensor.shape));
        return { values: fresh, info: result(tensor.shape, fresh) };
      }
      backend.incRef(tensor.dataId); // as an identity: one more tensor with these values
      return { values: own, info: { dataId: tensor.dataId, shape: tensor.shape, dtype: tensor.dtype } };
    },
    recycle(temporary) {
      backend.pool.retain(temporary);
      backend.pool.release(temporary);
    },
    result,
  };
}
