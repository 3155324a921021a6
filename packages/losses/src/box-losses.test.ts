import { createTape } from "@lad/tensor";
import { expectGradient, expectNoLeak } from "@lad/testing";
import * as tf from "@tensorflow/tfjs-core";
import { expect, it } from "vitest";
import { expectValues, onEngines } from "../test/engines";
import { ciouLoss } from "./ciou-loss";
import { diouLoss } from "./diou-loss";
import { giouLoss } from "./giou-loss";
import { iouAligned } from "./iou-aligned";
import { iouLoss } from "./iou-loss";

// overlapping, contained, apart, one shared edge
const predicted = () => tf.tensor2d([0, 0, 4, 4, 1, 1, 3, 2, 0, 0, 1, 1, 0, 0, 2, 2], [4, 4]);
const target = () => tf.tensor2d([2, 1, 6, 3, 0.5, 0, 4, 4, 3, 4, 5, 5, 2, 0.5, 3, 2.5], [4, 4]);
const iou = [4 / 20, 2 / 14, 0, 0];

onEngines(() => {
  it("iouAligned is intersection over union", async () => {
    const got = await expectNoLeak(() => {
      const [a, b] = [predicted(), target()];
      const value = iouAligned(a, b);
      tf.dispose([a, b]);
      return value;
    }, 1);
    expectValues(got, iou);
  });

  it("giouLoss and diouLoss follow their formulas", async () => {
    const [a, b] = [predicted(), target()];
    const hull = [24, 14, 25, 7.5];
    const union = [20, 14, 3, 6];
    const expected = iou.map((value, row) => 1 - value + (hull[row]! - union[row]!) / hull[row]!);
    expectValues(await expectNoLeak(() => giouLoss(a, b), 1), expected);
    const distance = [4, 0.0625 + 0.25, 12.25 + 16, 2.25 + 0.25];
    const diagonal = [36 + 16, 12.25 + 16, 50, 9 + 6.25];
    const distanceLoss = iou.map((value, row) => 1 - value + distance[row]! / diagonal[row]!);
    expectValues(await expectNoLeak(() => diouLoss(a, b), 1), distanceLoss);
    const aspect = [
      Math.atan(4 / 2) - Math.atan(1),
      Math.atan(3.5 / 4) - Math.atan(2),
      Math.atan(2) - Math.atan(1),
      Math.atan(0.5) - Math.atan(1),
    ];
    const complete = distanceLoss.map((value, row) => {
      const v = (4 / Math.PI ** 2) * aspect[row]! ** 2;
      return value + v ** 2 / (1 - iou[row]! + v);
    });
    expectValues(await expectNoLeak(() => ciouLoss(a, b), 1), complete);
    expectValues(ciouLoss(a, b, { alphaGradient: false }), complete);
    expectValues(
      await expectNoLeak(() => iouLoss(a, b), 1),
      iou.map((value) => -Math.log(Math.max(value, 1e-6))),
    );
  });

  it("ciouLoss holds its trade-off constant if asked", () => {
    const [a, b] = [predicted(), target()].map((boxes) => tf.slice(boxes, [0, 0], [2, 4])) as [
      tf.Tensor2D,
      tf.Tensor2D,
    ];
    const slope = (alphaGradient: boolean) =>
      tf
        .grad((x: tf.Tensor) => tf.sum(ciouLoss(x as tf.Tensor2D, b, { alphaGradient })))(a)
        .dataSync();
    // α·v with α constant: d/dx = α · dv/dx, so the difference to DIoU is linear in α
    const plain = tf
      .grad((x: tf.Tensor) => tf.sum(diouLoss(x as tf.Tensor2D, b)))(a)
      .dataSync();
    const aspect = [Math.atan(2) - Math.atan(1), Math.atan(3.5 / 4) - Math.atan(2)];
    const [width, height] = [4, 4];
    const v = (4 / Math.PI ** 2) * aspect[0]! ** 2;
    const alpha = v / (1 - iou[0]! + v);
    const ofWidth = (4 / Math.PI ** 2) * 2 * aspect[0]! * -(1 / height / (1 + (width / height) ** 2));
    expect(slope(false)[2]! - plain[2]!).toBeCloseTo(alpha * ofWidth, 5);
    expect(Math.abs(slope(true)[2]! - slope(false)[2]!)).toBeGreaterThan(1e-4);
  });

  it.each([giouLoss, diouLoss, ciouLoss])("%o has gradients of both boxes", (loss) => {
    const run = (a: tf.Tensor, b: tf.Tensor) => loss(a as tf.Tensor2D, b as tf.Tensor2D);
    const pair = [predicted(), target()].map((boxes) => tf.slice(boxes, [0, 0], [3, 4]));
    expectGradient(run as (...inputs: tf.Tensor[]) => tf.Tensor, pair);
  });

  it.each([giouLoss, diouLoss, ciouLoss, iouLoss])("%o of equal boxes is 0 with gradient 0", (loss) => {
    const boxes = tf.tensor2d([1, 2, 30, 40], [1, 4]);
    expectValues(loss(boxes, boxes), [0]);
    const gradient = tf.grad((x: tf.Tensor) => tf.sum(loss(x as tf.Tensor2D, boxes)))(tf.clone(boxes));
    expectValues(gradient, [0, 0, 0, 0]);
  });

  it("box losses are finite for empty and inverted boxes", () => {
    const odd = tf.tensor2d([5, 5, 5, 5, 6, 6, 2, 2, 0, 0, 0, 0], [3, 4]);
    const other = tf.tensor2d([5, 5, 5, 5, 0, 0, 4, 4, 3, 3, 3, 3], [3, 4]);
    for (const loss of [giouLoss, diouLoss, ciouLoss, iouLoss]) {
      expect([...loss(odd, other).dataSync()].every(Number.isFinite)).toBe(true);
      const gradient = tf.grad((x: tf.Tensor) => tf.sum(loss(x as tf.Tensor2D, other)))(odd);
      expect([...gradient.dataSync()].every(Number.isFinite)).toBe(true);
    }
    expectValues(iouAligned(odd, other), [0, 0, 0]);
  });

  it("iouAligned is a constant to the gradient", () => {
    const x = tf.variable(predicted());
    const tape = createTape();
    const loss = tape.run(() => {
      const weight = iouAligned(x, target());
      return tf.add(tf.sum(weight), tf.mul(tf.sum(x), 2));
    });
    expectValues(tape.gradients({ loss }, [x]).get(x)!, new Float32Array(16).fill(2));
    tape.end();
  });

  it.each([giouLoss, diouLoss, ciouLoss, iouLoss, iouAligned])(
    "%o takes no boxes and refuses shapes that differ",
    (loss) => {
      const none = tf.zeros([0, 4]) as tf.Tensor2D;
      expect(loss(none, none).shape).toEqual([0]);
      expect(() => loss(predicted(), none)).toThrow("predicted [4,4] and target [0,4] must have the same shape");
      expect(() => loss(tf.zeros([2, 3]), tf.zeros([2, 3]))).toThrow("predicted must be [N, 4], got [2,3]");
      expect(() => loss(none, none, { eps: 0 })).toThrow("eps must be greater than 0, got 0");
    },
  );

  it("giouLoss of no boxes has a gradient", () => {
    const none = tf.zeros([0, 4]) as tf.Tensor2D;
    const gradient = tf.grad((x: tf.Tensor) => tf.sum(giouLoss(x as tf.Tensor2D, none)))(none);
    expect(gradient.shape).toEqual([0, 4]);
  });
});
