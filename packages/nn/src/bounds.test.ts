import { createTape } from "@lad/tensor";
import { expectGradient, expectNoLeak } from "@lad/testing";
import * as tf from "@tensorflow/tfjs-core";
import { expect, it } from "vitest";
import { onEngines } from "../test/engines";
import { clampMin } from "./clamp-min";
import { maximum, minimum } from "./maximum";

function gradients(f: (...inputs: tf.Tensor[]) => tf.Tensor, ...values: number[][]): number[][] {
  const variables = values.map((each) => tf.variable(tf.tensor1d(each)));
  const tape = createTape();
  const loss = tape.run(() => tf.sum(f(...variables)));
  const found = tape.gradients({ loss }, variables);
  const result = variables.map((variable) => [...found.get(variable)!.dataSync()]);
  tape.end();
  tf.dispose(variables);
  return result;
}

onEngines(() => {
  it("maximum and minimum split the gradient of ties in halves", () => {
    const [a, b] = [
      [1, 2, 3],
      [2, 2, 2],
    ];
    expect(gradients((x, y) => maximum(x!, y!), a!, b!)).toEqual([
      [0, 0.5, 1],
      [1, 0.5, 0],
    ]);
    expect(gradients((x, y) => minimum(x!, y!), a!, b!)).toEqual([
      [1, 0.5, 0],
      [0, 0.5, 1],
    ]);
  });

  it("maximum and minimum broadcast, with gradients, and leave one tensor", async () => {
    const [matrix, row, column] = [
      tf.tensor2d([1, 5, 3, 4], [2, 2]),
      tf.tensor1d([2, 3]),
      tf.tensor2d([2.5, 3.5], [2, 1]),
    ];
    const got = await expectNoLeak(() => maximum(matrix, row), 1);
    expect([...got.dataSync()]).toEqual([2, 5, 3, 4]);
    expectGradient((x, y) => maximum(x!, y!), [matrix, row]);
    expectGradient((x, y) => minimum(x!, y!), [column, row]);
    expectGradient((x, y) => minimum(x!, y!), [tf.scalar(2.2), matrix]);
  });

  it("clampMin passes the gradient at the bound", async () => {
    const x = tf.tensor1d([-1, 0, 2, 0.5]);
    const got = await expectNoLeak(() => clampMin(x, 0.5), 1);
    expect([...got.dataSync()]).toEqual([0.5, 0.5, 2, 0.5]);
    expect(gradients((each) => clampMin(each!, 0.5), [-1, 0, 2, 0.5])).toEqual([[0, 0, 1, 1]]);
  });

  it("bounds keep NaN visible and take no elements", () => {
    expect(clampMin(tf.tensor1d([Number.NaN]), 0).dataSync()[0]).toBeNaN();
    expect(maximum(tf.zeros([0, 4]), tf.zeros([4])).shape).toEqual([0, 4]);
  });
});
