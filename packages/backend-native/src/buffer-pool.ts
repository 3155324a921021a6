import type { TypedArray } from "@lad/core";
import type { Addon } from "./addon";

/** Memory for tensors, used again as soon as the last tensor on it is gone: fresh memory costs more than most kernels. */
export type BufferPool = {
  /** Uninitialised memory of at least this many bytes. It stays the caller's until an array on it is retained and released again. */
  take(bytes: number): ArrayBuffer;
  /** One more tensor lies on this array's buffer. */
  retain(values: unknown): void;
  /** One less; the last one gives the buffer back, if it is the pool's and has not escaped. */
  release(values: unknown): void;
  /** Whether exactly one tensor lies on this array's buffer, and nobody outside of the engine has it. */
  isSole(values: unknown): boolean;
  /** The array was handed to code outside of the engine: its buffer is never used again and left to the garbage collector. */
  escape(values: unknown): void;
  /** Frees everything that no tensor lies on. */
  clear(): void;
  readonly usage: PoolUsage;
};
export type PoolUsage = {
  /** Bytes that tensors lie on. */
  readonly used: number;
  /** Bytes kept for the next tensors. */
  readonly free: number;
  readonly taken: number;
  /** Of these, made anew. */
  readonly made: number;
  readonly escaped: number;
};

/** A buffer of the pool while tensors lie on it. */
type Lease = { readonly bytes: number; references: number };

/** Rounds up to one of eight sizes an octave: at most an eighth is wasted. */
export function sizeClass(bytes: number): number {
  if (bytes <= 256) return 256;
  const step = 2 ** (Math.floor(Math.log2(bytes - 1)) - 3);
  return Math.ceil(bytes / step) * step;
}

/**
 * A pool over the add-on's aligned allocations. Tensors share buffers (slices, casts and reshapes of the plain kernels), so references are counted
 * per ArrayBuffer, not per tensor. Beyond `capacity` bytes of free memory the sizes that were not wanted for longest are freed.
 */
export function bufferPool(addon: Pick<Addon, "allocate" | "release">, capacity: number): BufferPool {
  const leases = new WeakMap<ArrayBufferLike, Lease>();
  const shelves = new Map<number, ArrayBuffer[]>(); // least recently wanted size first
  const usage = { used: 0, free: 0, taken: 0, made: 0, escaped: 0 };

  const discard = (buffer: ArrayBuffer, bytes: number) => {
    usage.free -= bytes;
    addon.release(buffer);
  };
  const trim = (limit: number) => {
    for (const [bytes, shelf] of shelves) {
      while (usage.free > limit && shelf.length > 0) discard(shelf.pop()!, bytes);
      if (shelf.length === 0) shelves.delete(bytes);
      if (usage.free <= limit) return;
    }
  };
  const leaseOf = (values: unknown) => (ArrayBuffer.isView(values) ? leases.get(values.buffer) : undefined);
  const close = (values: ArrayBufferView, lease: Lease) => {
    leases.delete(values.buffer);
    usage.used -= lease.bytes;
  };

  return {
    usage,
    take(bytes) {
      const size = sizeClass(bytes);
      const shelf = shelves.get(size);
      usage.taken++;
      let buffer = shelf?.pop();
      if (shelf) {
        shelves.delete(size);
        if (shelf.length > 0) shelves.set(size, shelf);
      }
      if (buffer) usage.free -= size;
      else {
        usage.made++;
        buffer = addon.allocate(size) ?? new ArrayBuffer(size);
      }
      // counted as used from the first tensor on; a kernel that throws before leaves the buffer to the garbage collector
      leases.set(buffer, { bytes: size, references: 0 });
      return buffer;
    },
    retain(values) {
      const lease = leaseOf(values);
      if (lease && lease.references++ === 0) usage.used += lease.bytes;
    },
    release(values) {
      const lease = leaseOf(values);
      if (!lease || --lease.references > 0) return;
      const view = values as TypedArray;
      close(view, lease);
      const shelf = shelves.get(lease.bytes) ?? [];
      shelf.push(view.buffer as ArrayBuffer);
      shelves.set(lease.bytes, shelf);
      usage.free += lease.bytes;
      if (usage.free > capacity) trim(capacity);
    },
    isSole: (values) => leaseOf(values)?.references === 1,
    escape(values) {
      const lease = leaseOf(values);
      if (!lease) return;
      close(values as TypedArray, lease);
      usage.escaped++;
    },
    clear: () => trim(0),
  };
}
