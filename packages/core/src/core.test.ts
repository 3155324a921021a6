import { describe, expect, it } from "vitest";
import { LadError, ndArray, random, shuffle } from "./index";

describe("ndArray", () => {
  it("pairs data with a shape, empty ones too", () => {
    expect(ndArray(new Float32Array(6), [2, 3]).shape).toEqual([2, 3]);
    expect(ndArray(new Float32Array(0), [0, 4]).data).toHaveLength(0);
    expect(ndArray(new Float32Array(1), []).shape).toEqual([]);
  });

  it("refuses a shape that does not hold the data", () => {
    expect(() => ndArray(new Float32Array(5), [2, 3])).toThrow("shape [2,3] holds 6 elements, got data of 5");
  });
});

describe("LadError", () => {
  it("is recognised by its marker, not by its class", () => {
    const foreign = Object.assign(new Error("x"), { [Symbol.for("lad.error")]: true });
    expect(LadError.is(new LadError("IO", "x"))).toBe(true);
    expect(LadError.is(foreign)).toBe(true);
    expect(LadError.is(new Error("x"))).toBe(false);
    expect(LadError.is(null)).toBe(false);
  });

  it("carries its code and cause", () => {
    const cause = new Error("disk");
    const error = new LadError("IO", "write failed", { cause });
    expect([error.code, error.cause, error.name]).toEqual(["IO", cause, "LadError"]);
  });
});

describe("random", () => {
  it("repeats itself for a seed and differs for another", () => {
    const draw = (...seeds: number[]) => Array.from({ length: 5 }, random(...seeds).uniform);
    expect(draw(1, 2)).toEqual(draw(1, 2));
    expect(draw(1, 2)).not.toEqual(draw(2, 1));
    expect(draw(0)).not.toEqual(draw());
  });

  it("resumes from a saved state", () => {
    const stream = random(7);
    stream.normal();
    const saved = stream.save();
    const expected = [stream.uniform(), stream.normal(), stream.integer(10)];
    stream.load(saved);
    expect([stream.uniform(), stream.normal(), stream.integer(10)]).toEqual(expected);
  });

  it("has the moments of its distributions", () => {
    const stream = random(3);
    const normals = Array.from({ length: 20_000 }, stream.normal);
    const mean = normals.reduce((sum, value) => sum + value, 0) / normals.length;
    const variance = normals.reduce((sum, value) => sum + (value - mean) ** 2, 0) / normals.length;
    expect(Math.abs(mean)).toBeLessThan(0.03);
    expect(Math.abs(variance - 1)).toBeLessThan(0.05);
  });
});

describe("shuffle", () => {
  it("permutes in place, the same way for a seed", () => {
    const order = shuffle(
      Int32Array.from({ length: 50 }, (_, i) => i),
      random(5),
    );
    expect([...order].sort((a, b) => a - b)).toEqual(Array.from({ length: 50 }, (_, i) => i));
    expect(order).toEqual(
      shuffle(
        Int32Array.from({ length: 50 }, (_, i) => i),
        random(5),
      ),
    );
    expect(shuffle([], random(1))).toEqual([]);
  });
});
