import "@tensorflow/tfjs-backend-cpu";
import { ndArray } from "@lad/core";
import * as tf from "@tensorflow/tfjs-core";
import { beforeAll, describe, expect, it } from "vitest";
import { borrow, borrowAll, disposeParams, freezeParams, joinParams, param, trainableVariables } from "./index";

beforeAll(() => tf.setBackend("cpu"));
const zeros = (...shape: number[]) => ndArray(new Float32Array(shape.reduce((a, b) => a * b, 1)), shape);

describe("params", () => {
  it("joins parts under their names, freezes and disposes them", () => {
    const before = tf.memory().numTensors;
    const bn = new Map([
      ["weight", param(zeros(2))],
      ["running_mean", param(zeros(2), { kind: "buffer" })],
    ]);
    const params = joinParams({ bn1: bn, "": new Map([["scale", param(zeros())]]) });
    expect([...params.keys()]).toEqual(["bn1.weight", "bn1.running_mean", "scale"]);
    expect(trainableVariables(params)).toHaveLength(2);
    const frozen = freezeParams(params);
    expect([...frozen.values()].map((entry) => entry.kind)).toEqual(["frozen", "buffer", "frozen"]);
    disposeParams(params);
    expect(tf.memory().numTensors).toBe(before);
  });

  it("refuses one name twice", () => {
    const entry = param(zeros(1));
    expect(() => joinParams({ a: new Map([["b.c", entry]]), "a.b": new Map([["c", entry]]) })).toThrow(
      "two parameters are named a.b.c",
    );
    entry.variable.dispose();
  });

  it("does not alias the caller's array", async () => {
    const values = new Float32Array([1, 2]);
    const entry = param(ndArray(values, [2]));
    values.fill(9);
    expect(await borrow(entry.variable, (data) => [...data])).toEqual([1, 2]);
    entry.variable.dispose();
  });
});

describe("borrowAll", () => {
  it("hands over all values at once, and lends without copies where the engine can", async () => {
    const [a, b] = [tf.tensor1d([1, 2]), tf.tensor1d([3])];
    expect(await borrowAll([a, b], (values) => values.map((data) => [...data]))).toEqual([[1, 2], [3]]);
    const lent: object[] = [];
    const backend = tf.backend() as unknown as { borrow?: unknown };
    backend.borrow = (dataId: object, read: (values: Float32Array) => unknown) => {
      lent.push(dataId);
      return read(Float32Array.of(lent.length));
    };
    expect(await borrowAll([a, b], (values) => values.map((data) => [...data]))).toEqual([[1], [2]]);
    expect(lent).toEqual([a.dataId, b.dataId]);
    delete backend.borrow;
    tf.dispose([a, b]);
  });
});
