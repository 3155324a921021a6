import "@tensorflow/tfjs-backend-cpu";
import { ndArray } from "@lad/core";
import { disposeParams, type Params, param } from "@lad/tensor";
import { expectClose, expectNoLeak } from "@lad/testing";
import * as tf from "@tensorflow/tfjs-core";
import { beforeAll, describe, expect, it } from "vitest";
import { at, step, values, vector } from "../test/optimizer-steps";
import { paramGroup, type SgdOptions, sgd } from "./index";

beforeAll(() => tf.setBackend("cpu"));

describe("sgd", () => {
  const run = (options: Partial<SgdOptions>, gradients: readonly number[]) => {
    const params = new Map([["w", param(vector(1, -2))]]);
    const optimizer = sgd({ params, learningRate: ({ iteration }) => (iteration < 2 ? 0.1 : 0.01), ...options });
    const track = gradients.map((gradient, iteration) => {
      step(optimizer, params, gradient, iteration);
      return values(params.get("w")!);
    });
    optimizer.dispose();
    disposeParams(params);
    return track;
  };
  const expectTrack = (track: readonly number[][], expected: readonly number[][]) =>
    expectClose(vector(...track.flat()), vector(...expected.flat()), { relative: 1e-6, absolute: 1e-7 });

  it("does three steps as torch.optim.SGD, decay and momentum included", () => {
    // lr .1 .1 .01, momentum .9, decay .1, gradients .5 -1 2, by hand for w = 1 and w = -2:
    // v = .5 + .1 = .6, w = .94;        v = .54 - 1 + .094 = -.366, w = .9766;        v = -.3294 + 2 + .09766 = 1.76826, w = .9589174
    // v = .5 - .2 = .3, w = -2.03;      v = .27 - 1 - .203 = -.933, w = -1.9367;      v = -.8397 + 2 - .19367 = .96663, w = -1.9463663
    expectTrack(run({ weightDecay: 0.1 }, [0.5, -1, 2]), [
      [0.94, -2.03],
      [0.9766, -1.9367],
      [0.9589174, -1.9463663],
    ]);
  });

  it("does Nesterov's, and plain descent", () => {
    // d + .9 v: .6 + .54 = 1.14, w = .886;  d = -1 + .0886 = -.9114, v = .54 - .9114 = -.3714, d + .9 v = -1.24566, w = 1.010566
    const nesterov = run({ weightDecay: 0.1, nesterov: true }, [0.5, -1]).map(([first]) => [first!]);
    expectTrack(nesterov, [[0.886], [1.010566]]);
    expectTrack(run({ momentum: 0, weightDecay: 0 }, [0.5, -1]), [
      [0.95, -2.05],
      [1.05, -1.95],
    ]);
  });

  it("leaves frozen parameters, buffers and those without gradient alone: no decay, no momentum", async () => {
    const params: Params = new Map([
      ["trained", param(vector(1))],
      ["frozen", param(vector(1), { kind: "frozen" })],
      ["buffer", param(vector(1), { kind: "buffer" })],
      ["unreached", param(vector(1))],
    ]);
    const optimizer = sgd({ params, learningRate: () => 0.1, weightDecay: 0.5 });
    step(optimizer, new Map([...params].filter(([name]) => name !== "unreached")), 1, 0);
    expect([...params.values()].map((entry) => values(entry)[0])).toEqual([Math.fround(0.85), 1, 1, 1]);
    expect(Object.keys(await optimizer.state.save())).toEqual(["trained"]);
    // a parameter that is reached later begins with v = d, as in torch
    step(optimizer, new Map([["unreached", params.get("unreached")!]]), 1, 1);
    expect((await optimizer.state.save()).unreached!.data[0]).toBe(1.5);
    optimizer.dispose();
    disposeParams(params);
  });

  it("goes on bit for bit from a saved state that shares no memory with it", async () => {
    const make = () => {
      const params: Params = new Map([
        ["w", param(vector(1, -2))],
        ["s", param(ndArray(new Float32Array([3]), []))],
      ]);
      return { params, optimizer: sgd({ params, learningRate: () => 0.1 }) };
    };
    const [first, second] = [make(), make()];
    step(first.optimizer, first.params, 0.3, 0);
    const saved = await first.optimizer.state.save();
    for (const [name, { variable }] of second.params)
      tf.tidy(() => variable.assign(tf.tensor(first.params.get(name)!.variable.dataSync().slice(), variable.shape)));
    second.optimizer.state.load(saved);
    step(first.optimizer, first.params, -0.7, 1);
    step(second.optimizer, second.params, -0.7, 1);
    for (const name of ["w", "s"]) expect(values(second.params.get(name)!)).toEqual(values(first.params.get(name)!));
    expect(saved.w!.data).toEqual(Float32Array.of(Math.fround(0.3) + 1e-4, Math.fround(0.3) - 2e-4));
    for (const { params, optimizer } of [first, second]) {
      optimizer.dispose();
      disposeParams(params);
    }
  });

  it("holds one buffer a parameter and leaks nothing", async () => {
    const params = new Map([
      ["a", param(vector(1, 2))],
      ["b", param(vector(3))],
    ]);
    const optimizer = sgd({ params, learningRate: () => 0.1 });
    await expectNoLeak(() => step(optimizer, params, 1, 0), 2);
    const bytes = tf.memory().numBytes;
    await expectNoLeak(async () => {
      for (let i = 1; i < 6; i++) step(optimizer, params, 1, i);
      optimizer.state.load(await optimizer.state.save());
    });
    expect(tf.memory().numBytes).toBe(bytes);
    await expectNoLeak(() => optimizer.dispose(), -2);
    disposeParams(params);
  });

  it("refuses coefficients and rates outside their domain, and another network's state", () => {
    const params = new Map([["w", param(vector(1))]]);
    const learningRate = () => Number.NaN;
    expect(() => sgd({ params, learningRate, momentum: 1 })).toThrow("momentum must be in [0, 1)");
    expect(() => sgd({ params, learningRate, weightDecay: -1 })).toThrow("weightDecay finite and ≥ 0, got 0.9 and -1");
    expect(() => sgd({ params, learningRate, momentum: 0, nesterov: true })).toThrow("nesterov needs a momentum");
    const optimizer = sgd({ params, learningRate });
    expect(() => step(optimizer, params, 1, 3)).toThrow("the schedule gave NaN at iteration 3");
    expect(() => optimizer.state.load({ w: vector(1, 2) })).toThrow(
      "w has shape [1] in memory, its stored momentum [2]",
    );
    expect(() => optimizer.state.load({ x: vector(1) })).toThrow("x is not among the parameters");
    disposeParams(params);
  });
});

describe("paramGroup", () => {
  it("gives what is trainable and not frozen at the moment", () => {
    const params = new Map([
      ["backbone.w", param(vector(1))],
      ["head.w", param(vector(1))],
      ["head.mean", param(vector(1), { kind: "buffer" })],
    ]);
    const optimizer = sgd({ params, learningRate: () => 0.1 });
    const freeze = (name: string, { iteration }: { iteration: number }) =>
      name.startsWith("backbone.") && iteration < 2;
    const group = paramGroup({ params, optimizer, freeze });
    const variables = ["backbone.w", "head.w"].map((name) => params.get(name)!.variable);
    expect(group.trainable(at(1))).toEqual(variables.slice(1));
    expect(group.trainable(at(2))).toEqual(variables);
    expect(paramGroup({ params, optimizer }).trainable(at(0))).toEqual(variables);
    disposeParams(params);
  });
});
