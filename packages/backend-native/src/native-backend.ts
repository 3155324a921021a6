import { LadError, type TypedArray } from "@lad/core";
import { MathBackendCPU } from "@tensorflow/tfjs-backend-cpu";
import type { backend_util, DataId } from "@tensorflow/tfjs-core";
import type { BufferPool } from "./buffer-pool";
import type { PreparedFilters } from "./prepared-filters";

type Stored = { values?: backend_util.BackendValues; dtype: string };

/**
 * tfjs' plain engine with its tensors in pooled memory, so that every kernel of that engine runs here too. A class because tfjs asks for one.
 * Where values leave the engine (`readSync`) their buffer leaves the pool for good; `borrow` lends them without that.
 */
export class NativeBackend extends MathBackendCPU {
  constructor(
    readonly pool: BufferPool,
    readonly filters: PreparedFilters,
  ) {
    super();
    (this as unknown as { firstUse: boolean }).firstUse = false; // no advice to install another engine
    const { data } = this;
    const set = data.set.bind(data);
    const remove = data.delete.bind(data);
    data.set = (id, value) => {
      const before = data.has(id) ? data.get(id).values : undefined;
      pool.retain(value.values);
      filters.forget(id);
      set(id, value);
      pool.release(before);
    };
    data.delete = (id) => {
      const values = data.has(id) ? data.get(id).values : undefined;
      const removed = remove(id);
      filters.forget(id);
      pool.release(values);
      return removed;
    };
  }

  override readSync(dataId: DataId): backend_util.BackendValues {
    this.pool.escape(this.data.get(dataId).values);
    this.filters.forget(dataId); // who has the array may write to it
    return super.readSync(dataId);
  }

  /** Lends a tensor's values for the time of `read`, which must neither keep nor change the array. */
  borrow<T>(dataId: DataId, read: (values: TypedArray) => T): T {
    const { values, dtype } = this.data.get(dataId) as Stored;
    if (!ArrayBuffer.isView(values))
      throw new LadError("UNSUPPORTED", `borrow: a tensor of ${dtype} has no values to lend; read it by data()`);
    // a bool or int32 tensor cast to float32 by the plain kernel still lies on its own array
    return read(
      dtype === "float32" && !(values instanceof Float32Array)
        ? Float32Array.from(values as TypedArray)
        : (values as TypedArray),
    );
  }

  /**
   * A float32 tensor's own memory to write its next values into; undefined if anyone else might see that: a clone, a slice, a saved tensor, who read it,
   * whoever owns the array it was made of.
   */
  claim(dataId: DataId): Float32Array | undefined {
    const { values, refCount } = this.data.get(dataId);
    if (refCount !== 1 || !(values instanceof Float32Array) || !this.pool.isSole(values)) return undefined;
    this.filters.forget(dataId);
    return values;
  }

  /** Memory is given back the moment a tensor is disposed: the figures are true. */
  override memory() {
    return { unreliable: false, reasons: [], pool: { ...this.pool.usage } };
  }

  override dispose(): void {
    this.pool.clear();
  }
}
