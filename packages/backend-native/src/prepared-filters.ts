import type { BufferPool } from "./buffer-pool";

/** A filter in the layout that one kind of convolution reads. */
export type FilterLayout = {
  /** Tells layouts apart; the same for all convolutions that can share one. */
  readonly key: string;
  readonly floats: number;
  fill(prepared: Float32Array): void;
};

/** Prepared filters, kept as long as the tensor they were made of stays what it is. */
export type PreparedFilters = {
  /** The filter of this tensor in this layout; undefined: not worth keeping, the kernel is to prepare it for the one call. */
  get(dataId: object, layout: FilterLayout): Float32Array | undefined;
  /** The tensor's values are gone or others. */
  forget(dataId: object): void;
};

/**
 * Keeps a filter prepared from its second use on: a backbone's filters are used once between two updates and would only fill memory, those that
 * pyramid levels share, and those of frozen networks, again and again. A use in another direction (backward after forward) drops what was kept for
 * the first. At most `capacity` bytes are kept; what comes later is prepared anew for each call. The numbers do not depend on any of this.
 */
export function preparedFilters(
  pool: Pick<BufferPool, "take" | "retain" | "release">,
  capacity: number,
): PreparedFilters {
  type Entry = { readonly uses: Map<string, number>; kept?: { readonly key: string; readonly values: Float32Array } };
  const entries = new WeakMap<object, Entry>();
  let bytes = 0;

  const drop = (entry: Entry) => {
    if (!entry.kept) return;
    bytes -= entry.kept.values.byteLength;
    pool.release(entry.kept.values);
    delete entry.kept;
  };
  const prepare = (entry: Entry, { key, floats, fill }: FilterLayout): Float32Array | undefined => {
    drop(entry);
    if (bytes + floats * 4 > capacity) return undefined;
    const values = new Float32Array(pool.take(floats * 4), 0, floats);
    fill(values);
    pool.retain(values);
    bytes += values.byteLength;
    entry.kept = { key, values };
    return values;
  };

  return {
    get(dataId, layout) {
      let entry = entries.get(dataId);
      if (!entry) {
        entry = { uses: new Map() };
        entries.set(dataId, entry);
      }
      if (entry.kept?.key === layout.key) return entry.kept.values;
      const uses = (entry.uses.get(layout.key) ?? 0) + 1;
      entry.uses.set(layout.key, uses);
      return uses > 1 ? prepare(entry, layout) : undefined;
    },
    forget(dataId) {
      const entry = entries.get(dataId);
      if (!entry) return;
      drop(entry);
      entries.delete(dataId);
    },
  };
}
