import { describe, expect, it } from "vitest";
import { preparedFilters } from "./prepared-filters";

function make(capacity = 1 << 20) {
  const pool = { taken: 0, held: 0 };
  const filters = preparedFilters(
    {
      take: (bytes) => {
        pool.taken++;
        return new ArrayBuffer(bytes);
      },
      retain: () => void pool.held++,
      release: () => void pool.held--,
    },
    capacity,
  );
  let filled = 0;
  const layout = (key: string, floats = 8) => ({ key, floats, fill: (to: Float32Array) => void to.fill(++filled) });
  return { filters, layout, pool };
}

describe("preparedFilters", () => {
  it("keeps a layout from the second use on", () => {
    const { filters, layout, pool } = make();
    const id = {};
    expect(filters.get(id, layout("forward"))).toBeUndefined();
    const kept = filters.get(id, layout("forward"));
    expect([...kept!]).toEqual(Array(8).fill(1));
    expect(filters.get(id, layout("forward"))).toBe(kept);
    expect(pool).toEqual({ taken: 1, held: 1 });
  });

  it("makes it anew when the tensor has changed, and gives the memory back", () => {
    const { filters, layout, pool } = make();
    const id = {};
    for (let i = 0; i < 3; i++) filters.get(id, layout("forward"));
    filters.forget(id);
    expect(pool.held).toBe(0);
    expect(filters.get(id, layout("forward"))).toBeUndefined();
    expect([...filters.get(id, layout("forward"))!]).toEqual(Array(8).fill(2));
    filters.forget({}); // one that was never used
  });

  it("drops one direction when another is used again", () => {
    const { filters, layout, pool } = make();
    const id = {};
    for (const key of ["forward", "forward", "gradient"]) filters.get(id, layout(key));
    expect(pool.held).toBe(1);
    expect([...filters.get(id, layout("gradient"))!]).toEqual(Array(8).fill(2));
    expect(pool).toEqual({ taken: 2, held: 1 });
  });

  it("keeps no more than it may", () => {
    const { filters, layout, pool } = make(40);
    const [a, b] = [{}, {}];
    for (let i = 0; i < 2; i++) {
      filters.get(a, layout("forward"));
      filters.get(b, layout("forward"));
    }
    expect(filters.get(a, layout("forward"))).toBeDefined();
    expect(filters.get(b, layout("forward"))).toBeUndefined();
    expect(pool.held).toBe(1);
    filters.forget(a);
    expect(filters.get(b, layout("forward"))).toBeDefined();
  });
});
