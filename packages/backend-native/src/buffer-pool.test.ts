import { describe, expect, it } from "vitest";
import { bufferPool, sizeClass } from "./buffer-pool";

function make(capacity = 1 << 20) {
  const released: ArrayBuffer[] = [];
  const pool = bufferPool(
    { allocate: (bytes) => new ArrayBuffer(bytes), release: (buffer) => released.push(buffer) },
    capacity,
  );
  const array = (floats: number) => new Float32Array(pool.take(floats * 4), 0, floats);
  return { pool, released, array };
}

describe("sizeClass", () => {
  it("wastes an eighth at most and is its own class", () => {
    for (const bytes of [1, 255, 256, 257, 300, 1000, 4096, 4097, 52_428_800, 52_428_801, 2 ** 31 + 5]) {
      const size = sizeClass(bytes);
      expect(size).toBeGreaterThanOrEqual(bytes);
      expect(size).toBeLessThanOrEqual(Math.max(256, bytes * 1.125 + 1));
      expect(sizeClass(size)).toBe(size);
    }
  });
});

describe("bufferPool", () => {
  it("uses a buffer again when its last tensor is gone, not before", () => {
    const { pool, array } = make();
    const first = array(100);
    pool.retain(first);
    pool.retain(first.subarray(10, 20)); // a slice of the plain kernels
    pool.release(first);
    expect(array(100).buffer).not.toBe(first.buffer);
    pool.release(first.subarray(10, 20));
    expect(array(100).buffer).toBe(first.buffer);
  });

  it("never hands out again what has escaped, whichever view escaped and whoever releases it later", () => {
    const { pool, array } = make();
    const first = array(100);
    pool.retain(first);
    pool.retain(first);
    pool.escape(first.subarray(5));
    pool.release(first);
    pool.release(first);
    pool.release(first);
    expect(array(100).buffer).not.toBe(first.buffer);
    expect(pool.usage).toMatchObject({ used: 0, free: 0, escaped: 1 });
  });

  it("ignores arrays that are not its own", () => {
    const { pool } = make();
    for (const foreign of [new Float32Array(4), [1, 2], undefined, "x"]) {
      pool.retain(foreign);
      pool.release(foreign);
      pool.escape(foreign);
    }
    expect(pool.usage).toEqual({ used: 0, free: 0, taken: 0, made: 0, escaped: 0 });
  });

  it("keeps its figures and its cap: what was not wanted for longest goes first", () => {
    const { pool, released, array } = make(3000);
    const arrays = [64, 128, 256, 512].map((floats) => array(floats));
    for (const one of arrays) pool.retain(one);
    expect(pool.usage.used).toBe(256 + 512 + 1024 + 2048);
    for (const one of arrays) pool.release(one);
    expect(released).toEqual([arrays[0]!.buffer, arrays[1]!.buffer, arrays[2]!.buffer]);
    expect(pool.usage).toMatchObject({ used: 0, free: 2048 });
    pool.clear();
    expect(pool.usage.free).toBe(0);
    expect(released).toHaveLength(4);
  });

  it("takes plain memory where the add-on gives none", () => {
    const pool = bufferPool({ allocate: () => undefined, release: () => {} }, 1000);
    expect(pool.take(100).byteLength).toBe(256);
  });
});
