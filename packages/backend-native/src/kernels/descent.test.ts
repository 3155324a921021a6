import { conv2d } from "@lad/nn";
import { borrow, createTape } from "@lad/tensor";
import * as tf from "@tensorflow/tfjs-core";
import { expect, it } from "vitest";
import { nativeSuite, normal } from "../../test/native-suite";

type Inputs = Record<string, tf.Tensor>;
const sgd = (inputs: Inputs, more = {}) =>
  tf
    .engine()
    .runKernel("LadSgd", inputs, { rate: 0.1, momentum: 0.9, decay: 0.01, nesterov: false, ...more }) as tf.Tensor[];
const adam = (inputs: Inputs) =>
  tf.engine().runKernel("LadAdamW", inputs, {
    beta1: 0.9,
    beta2: 0.99,
    shrink: 0.999,
    rate: 0.1,
    correction: 0.3,
    eps: 1e-8,
  }) as tf.Tensor[];
const blend = ({ weight, gradient }: Inputs) => [
  tf.engine().runKernel("LadBlend", { stored: weight, fresh: gradient } as Inputs as tf.NamedTensorMap, {
    keep: 0.9,
    take: 0.2,
  }) as tf.Tensor,
];
const steps: [string, (inputs: Inputs) => tf.Tensor[], readonly string[]][] = [
  ["LadSgd", sgd, ["velocity"]],
  ["LadAdamW", adam, ["mean", "square"]],
  ["LadBlend", blend, []],
];
const taken = () => (tf.memory() as unknown as { pool: { taken: number } }).pool.taken;
const close = (made: tf.Tensor, expected: tf.Tensor) =>
  expect(tf.max(tf.abs(tf.sub(made, expected))).dataSync()[0]).toBeLessThan(2e-6);

nativeSuite("optimisers' steps", () => {
  it.each([
    [false, false],
    [true, false],
    [true, true],
    [false, true],
  ])("LadSgd is torch's formula: started %s, nesterov %s", (started, nesterov) => {
    tf.tidy(() => {
      const [weight, gradient, velocity] = [normal([41, 3]), normal([41, 3], 2), normal([41, 3], 3)];
      const decayed = tf.add(gradient, tf.mul(weight, 0.01));
      const expectedV = started ? tf.add(tf.mul(velocity, 0.9), decayed) : decayed;
      const expectedW = tf.sub(weight, tf.mul(nesterov ? tf.add(decayed, tf.mul(expectedV, 0.9)) : expectedV, 0.1));
      const [w, v] = sgd(started ? { weight, gradient, velocity } : { weight, gradient }, { nesterov });
      close(w!, expectedW);
      close(v!, expectedV);
    });
  });

  it.each([false, true])("LadAdamW is torch's formula: started %s", (started) => {
    tf.tidy(() => {
      const [weight, gradient] = [normal([41, 3]), normal([41, 3], 2)];
      const before = started ? { mean: normal([41, 3], 3), square: tf.square(normal([41, 3], 4)) } : {};
      const { mean = tf.zerosLike(weight), square = tf.zerosLike(weight) } = before as Inputs;
      const first = tf.add(tf.mul(mean, 0.9), tf.mul(gradient, 0.1));
      const second = tf.add(tf.mul(square, 0.99), tf.mul(tf.square(gradient), 0.01));
      const move = tf.div(first, tf.add(tf.div(tf.sqrt(second), 0.3), 1e-8));
      const expected = [tf.sub(tf.mul(weight, 0.999), tf.mul(move, 0.1)), first, second];
      for (const [index, made] of adam({ weight, gradient, ...before }).entries()) close(made, expected[index]!);
    });
  });

  it("LadBlend is the weighted sum", () => {
    tf.tidy(() => {
      const [weight, gradient] = [normal([41, 3]), normal([41, 3], 2)];
      close(blend({ weight, gradient })[0]!, tf.add(tf.mul(weight, 0.9), tf.mul(gradient, 0.2)));
    });
  });

  it.each(steps)("%s writes over what nothing else lies on, with the same bits", (_, step, slots) => {
    tf.tidy(() => {
      const inputs = () =>
        Object.fromEntries(
          ["weight", "gradient", ...slots].map((name, seed) => [name, tf.abs(normal([100], seed + 1))]),
        );
      const shared = inputs();
      const kept = Object.values(shared).map((tensor) => tf.clone(tensor));
      const apart = step(shared).map((tensor) => [...tensor.dataSync()]);
      const given = inputs();
      const before = taken();
      const own = step(given);
      expect(taken()).toBe(before);
      own.forEach((tensor, index) => {
        expect(tensor.dataId).toBe(given[["weight", ...slots][index]!]!.dataId);
        expect([...tensor.dataSync()]).toEqual(apart[index]);
      });
      for (const [index, tensor] of Object.values(inputs()).entries())
        expect([...kept[index]!.dataSync()]).toEqual([...tensor.dataSync()]);
    });
  });

  it.each(steps)("%s changes nothing that shares memory with a weight", async (_, step, slots) => {
    const values = Float32Array.from({ length: 60 }, (__, index) => index + 1);
    const expected = [...values];
    const state = new Map<string, tf.Tensor>();
    /** A training step as @lad/train does it. */
    const update = (weight: tf.Variable) =>
      tf.tidy(() => {
        const made = step({ weight, gradient: tf.ones([60]), ...Object.fromEntries(state) });
        weight.assign(made[0]!);
        slots.forEach((slot, index) => {
          state.get(slot)?.dispose();
          state.set(slot, tf.keep(made[index + 1]!));
        });
      });
    const kin: Record<string, (weight: tf.Variable) => tf.Tensor> = {
      clone: (weight) => tf.clone(weight),
      reshape: (weight) => tf.reshape(weight, [6, 10]),
      identity: (weight) => tf.cast(weight, "float32"),
      slice: (weight) => tf.slice(weight, 0, 60),
      average: (weight) => tf.add(tf.mul(weight, 0.5), tf.mul(weight, 0.5)),
      teacher: (weight) => tf.variable(weight),
      assigned: (weight) => {
        const other = tf.variable(tf.zeros([60]));
        tf.tidy(() => other.assign(tf.clone(weight)));
        return other;
      },
    };
    for (const [name, make] of Object.entries(kin)) {
      const weight = tf.tidy(() => tf.variable(tf.mul(tf.tensor1d(values), 1)));
      const relative = make(weight);
      for (let i = 0; i < 3; i++) {
        update(weight);
        expect(await borrow(relative, (read) => [...read]), name).toEqual(expected);
      }
      const [[mine], other] = [weight.dataSync(), make(weight)];
      expect(mine).not.toBe(1);
      tf.dispose([weight, relative, other]);
    }
    // arrays of the caller's: what a tensor was made of, and what was read from one
    const [from, source] = [values.slice(), tf.tensor1d(values)];
    const aliased = tf.tensor1d(from);
    const weight = tf.variable(aliased);
    aliased.dispose();
    update(weight);
    const read = tf.tidy(() => tf.variable(tf.mul(source, 1)));
    const [seen, later] = [read.dataSync(), read.data()];
    update(read);
    expect([[...from], [...seen], [...(await later)]]).toEqual([expected, expected, expected]);
    tf.dispose([weight, source, read, ...state.values()]);
  });

  it("a convolution reads a weight's new values, not those it prepared", () => {
    const x = normal([2, 20, 20, 32]) as tf.Tensor4D;
    const filter = tf.tidy(() => tf.variable(tf.mul(normal([3, 3, 32, 32]), 1)));
    const total = () =>
      tf.tidy(() => tf.sum(conv2d(x, filter as tf.Tensor as tf.Tensor4D, { padding: 1 })).dataSync()[0]!);
    const before = [total(), total(), total()];
    const own = filter.dataId;
    tf.tidy(() => filter.assign(sgd({ weight: filter, gradient: tf.mul(filter, 2) }, { rate: 1, decay: 0 })[0]!));
    for (const value of [total(), total(), total()]) expect(value / before[0]!).toBeCloseTo(-1, 4);
    tf.tidy(() => filter.assign(sgd({ weight: filter, gradient: tf.mul(filter, 2) }, { rate: 1, decay: 0 })[0]!));
    expect(filter.dataId).toBe(own);
    expect([total(), total()].map((value) => value / before[0]!)).toEqual([1, 1]);
    tf.dispose([x, filter]);
  });

  it("takes one tensor in two places, nothing, and NaN", () => {
    tf.tidy(() => {
      const same = normal([100]);
      const [w, v] = sgd({ weight: same, gradient: same, velocity: same }, { decay: 0 });
      close(v!, tf.mul(same, 1.9));
      close(w!, tf.mul(same, 1 - 0.19));
      expect(sgd({ weight: tf.zeros([0]), gradient: tf.zeros([0]) })[0]!.shape).toEqual([0]);
      expect(adam({ weight: tf.zeros([0, 2]), gradient: tf.zeros([0, 2]) })[2]!.shape).toEqual([0, 2]);
      for (const [, step] of steps) {
        const made = step({ weight: tf.ones([3]), gradient: tf.tensor1d([1, Number.NaN, 1]) });
        for (const tensor of made) expect([...tensor.dataSync()].map(Number.isNaN)).toEqual([false, true, false]);
      }
    });
  });

  it("refuses tensors of another shape", () => {
    const [weight, gradient] = [normal([3]), normal([4])];
    expect(() => sgd({ weight, gradient })).toThrow("native LadSgd: gradient [4] is not of weight's shape [3]");
    expect(() => adam({ weight, gradient: weight, mean: gradient, square: weight })).toThrow("LadAdamW: mean [4]");
    expect(() => blend({ weight, gradient })).toThrow("LadBlend: fresh [4] is not of stored's shape [3]");
    tf.dispose([weight, gradient]);
  });

  it("adds gradients that meet, those too that share their numbers", () => {
    const x = tf.variable(normal([37]));
    const tape = createTape();
    const loss = tape.run(() => {
      const halved = tf.mul(x, 0.5);
      const sum = tf.add(halved, halved); // both its gradients are one array
      return tf.sum(tf.addN([tf.mul(sum, sum), halved, x]) as tf.Tensor) as tf.Scalar;
    });
    const gradient = tape.gradients({ loss }, [x]).get(x)!;
    tf.tidy(() => {
      close(gradient, tf.add(tf.mul(x, 2), 1.5));
    });
    tape.end();
    x.dispose();
  });
});
