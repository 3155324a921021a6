import "@tensorflow/tfjs-backend-cpu";
import { LadError, ndArray } from "@lad/core";
import { disposeParams, type Params, param } from "@lad/tensor";
import { expectClose, expectNoLeak } from "@lad/testing";
import * as tf from "@tensorflow/tfjs-core";
import { beforeAll, describe, expect, it } from "vitest";
import { step, values, vector } from "../test/optimizer-steps";
import { type AdamWOptions, adamW } from "./index";

beforeAll(() => tf.setBackend("cpu"));

describe("adamW", () => {
  const run = (options: Partial<AdamWOptions>) => {
    const params = new Map([["w", param(vector(1, -2))]]);
    const optimizer = adamW({ params, learningRate: ({ iteration }) => (iteration < 2 ? 0.1 : 0.01), ...options });
    const track = [0.5, -1, 2].map((gradient, iteration) => {
      step(optimizer, params, gradient, iteration);
      return values(params.get("w")!);
    });
    optimizer.dispose();
    disposeParams(params);
    return vector(...track.flat());
  };

  it("does three steps as torch.optim.AdamW 2.13", () => {
    const first = [0.89000004529953, -2.0799999237060547, 0.9177104234695435, -2.022589683532715];
    expectClose(run({ weightDecay: 0.1 }), vector(...first, 0.9125961661338806, -2.024763822555542), {
      relative: 1e-6,
    });
    const second = [0.8969607949256897, -2.0880391597747803, 0.9519028663635254, -2.018172264099121];
    const options = { weightDecay: 0.05, eps: 1e-2, betas: [0.5, 0.7] } as const;
    expectClose(run(options), vector(...second, 0.9452112317085266, -2.023378610610962), { relative: 1e-6 });
  });

  it("leaves frozen parameters, buffers and those without gradient alone; every parameter counts its own steps", async () => {
    const params: Params = new Map([
      ["trained", param(vector(1))],
      ["frozen", param(vector(1), { kind: "frozen" })],
      ["buffer", param(vector(1), { kind: "buffer" })],
      ["unreached", param(vector(1))],
    ]);
    const optimizer = adamW({ params, learningRate: () => 0.1, weightDecay: 0 });
    step(optimizer, new Map([...params].filter(([name]) => name !== "unreached")), 1, 0);
    expectClose(vector(...[...params.values()].map((entry) => values(entry)[0]!)), vector(0.9, 1, 1, 1));
    step(optimizer, params, 1, 1);
    // the first step of any parameter is as long as the rate
    expectClose(vector(values(params.get("unreached")!)[0]!), vector(0.9));
    const saved = await optimizer.state.save();
    expect([saved["steps/trained"]!.data[0], saved["steps/unreached"]!.data[0]]).toEqual([2, 1]);
    expect(Object.keys(saved)).toHaveLength(6);
    optimizer.dispose();
    disposeParams(params);
  });

  it("goes on bit for bit from a saved state that shares no memory with it", async () => {
    const make = () => {
      const params: Params = new Map([
        ["w", param(vector(1, -2))],
        ["s", param(ndArray(new Float32Array([3]), []))],
      ]);
      return { params, optimizer: adamW({ params, learningRate: () => 0.1 }) };
    };
    const [first, second] = [make(), make()];
    for (const [iteration, gradient] of [0.3, 0.1].entries()) step(first.optimizer, first.params, gradient, iteration);
    const saved = await first.optimizer.state.save();
    const copy = structuredClone(saved);
    for (const [name, { variable }] of second.params)
      tf.tidy(() => variable.assign(tf.tensor(first.params.get(name)!.variable.dataSync().slice(), variable.shape)));
    second.optimizer.state.load(saved);
    for (const { optimizer, params } of [first, second]) step(optimizer, params, -0.7, 2);
    for (const name of ["w", "s"]) expect(values(second.params.get(name)!)).toEqual(values(first.params.get(name)!));
    expect(await second.optimizer.state.save()).toEqual(await first.optimizer.state.save());
    expect(saved).toEqual(copy);
    for (const { params, optimizer } of [first, second]) {
      optimizer.dispose();
      disposeParams(params);
    }
  });

  it("holds two buffers a parameter and leaks nothing; shows NaN", async () => {
    const params = new Map([
      ["a", param(vector(1, 2))],
      ["b", param(vector(3))],
    ]);
    const optimizer = adamW({ params, learningRate: () => 0.1 });
    await expectNoLeak(() => step(optimizer, params, 1, 0), 4);
    await expectNoLeak(async () => {
      for (let i = 1; i < 4; i++) step(optimizer, params, 1, i);
      optimizer.state.load(await optimizer.state.save());
    });
    step(optimizer, params, Number.NaN, 4);
    expect(values(params.get("b")!)).toEqual([Number.NaN]);
    await expectNoLeak(() => optimizer.dispose(), -4);
    step(optimizer, new Map(), 1, 5); // no gradients: nothing happens
    disposeParams(params);
  });

  it("refuses coefficients and rates outside their domain, and another network's or optimiser's state", async () => {
    const params = new Map([["w", param(vector(1))]]);
    const learningRate = () => Number.NaN;
    expect(() => adamW({ params, learningRate, betas: [0.9, 1] })).toThrow("betas must be in [0, 1)");
    expect(() => adamW({ params, learningRate, eps: 0 })).toThrow("eps > 0");
    expect(() => adamW({ params, learningRate, weightDecay: -1 })).toThrow("weightDecay finite and ≥ 0");
    const optimizer = adamW({ params, learningRate });
    expect(() => step(optimizer, params, 1, 3)).toThrow("adamW: the learning rate must be a finite number");
    const steps = ndArray(Int32Array.of(3), []);
    const state = (name: string, array = vector(1)) => ({
      [`mean/${name}`]: array,
      [`square/${name}`]: array,
      [`steps/${name}`]: steps,
    });
    const { "square/w": _, ...half } = state("w");
    for (const [record, text] of [
      [state("x"), "x is not among the parameters"],
      [state("w", vector(1, 2)), "w has shape [1] in memory, its stored first moment [2]"],
      [{ w: vector(1) }, "odd at w; it belongs to another optimiser"],
      [half, "odd at w"],
      [{ ...state("w"), "steps/w": ndArray(Int32Array.of(0), []) }, "odd at w"],
    ] as const) {
      try {
        optimizer.state.load(record);
        expect.unreachable();
      } catch (error) {
        expect(LadError.is(error) && [error.code, error.message.includes(text)]).toEqual(["CHECKPOINT_MISMATCH", true]);
      }
    }
    optimizer.state.load(state("w"));
    expect((await optimizer.state.save())["steps/w"]!.data[0]).toBe(3);
    optimizer.dispose();
    disposeParams(params);
  });
});
