import { createTape } from "@lad/tensor";
import { expectNoLeak } from "@lad/testing";
import * as tf from "@tensorflow/tfjs-core";
import { expect, it } from "vitest";
import { onEngines } from "../test/engines";
import { customOp } from "./custom-op";
import { stopGradient } from "./stop-gradient";

onEngines(() => {
  it("customOp computes only the gradients that are wanted and frees what it saved", async () => {
    const [a, b] = [tf.variable(tf.tensor1d([1, 2])), tf.variable(tf.tensor1d([3, 4]))];
    let asked = 0;
    const product = (x: tf.Tensor, y: tf.Tensor) =>
      customOp(
        { x, y },
        (save) => {
          save([x, y]);
          return tf.mul(x, y);
        },
        (dy, saved) => ({
          x: () => tf.mul(dy, saved[1]!),
          y: () => {
            asked += 1;
            return tf.mul(dy, saved[0]!);
          },
        }),
      );
    await expectNoLeak(() => {
      const tape = createTape();
      const loss = tape.run(() => tf.sum(product(a, b)));
      expect([...tape.gradients({ loss }, [a]).get(a)!.dataSync()]).toEqual([3, 4]);
      tape.end();
    });
    expect(asked).toBe(0);
    const both = tf.grads((x: tf.Tensor, y: tf.Tensor) => product(x, y))([a, b]);
    expect([...both[1]!.dataSync()]).toEqual([1, 2]);
  });

  it("customOp has several outputs; those that no loss reaches have gradient zero", () => {
    const x = tf.variable(tf.tensor1d([2, 3]));
    const tape = createTape();
    const loss = tape.run(() => {
      const [square] = customOp(
        { x },
        () => [tf.square(x), tf.neg(x)],
        ([ofSquare, ofNegative]) => ({ x: () => tf.add(tf.mul(ofSquare!, 10), tf.sub(100, ofNegative!)) }),
      );
      return tf.sum(square!);
    });
    expect([...tape.gradients({ loss }, [x]).get(x)!.dataSync()]).toEqual([110, 110]);
    tape.end();
  });

  it("stopGradient makes its value a constant, under a tape and under tf.grad", async () => {
    const x = tf.variable(tf.tensor1d([2, 3]));
    await expectNoLeak(() => {
      const tape = createTape();
      const loss = tape.run(() =>
        tf.sum(
          tf.mul(
            x,
            stopGradient(() => tf.square(x)),
          ),
        ),
      );
      expect([...tape.gradients({ loss }, [x]).get(x)!.dataSync()]).toEqual([4, 9]);
      tape.end();
    });
    const gradient = tf.grad((y: tf.Tensor) =>
      tf.mul(
        y,
        stopGradient(() => tf.square(y)),
      ),
    )(tf.tensor1d([2, 3]));
    expect([...gradient.dataSync()]).toEqual([4, 9]);
    expect(stopGradient(() => x).id).not.toBe(x.id);
  });
});
