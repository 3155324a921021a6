import { expectGradient, expectNoLeak } from "@lad/testing";
import * as tf from "@tensorflow/tfjs-core";
import { expect, it } from "vitest";
import { noise, onEngines } from "../test/engines";
import { decodeBoxes } from "./decode-boxes";

const plain = { means: [0, 0, 0, 0], stds: [1, 1, 1, 1] };
const coded = { means: [0, 0, 0, 0], stds: [0.1, 0.1, 0.2, 0.2] };

onEngines(() => {
  it("decodeBoxes moves and scales the anchor", async () => {
    const anchors = tf.tensor2d([10, 20, 30, 60], [1, 4]); // centre 20, 40, size 20, 40
    const deltas = tf.tensor2d([1, -1, Math.log(2) / 0.2, 0], [1, 4]);
    const got = await expectNoLeak(() => decodeBoxes(anchors, deltas, coded), 1);
    const expected = [22 - 20, 36 - 20, 22 + 20, 36 + 20];
    got.dataSync().forEach((value, index) => {
      expect(value).toBeCloseTo(expected[index]!, 4);
    });
    const shifted = decodeBoxes(anchors, tf.zeros([1, 4]), { ...plain, means: [0.5, 0, 0, 0] });
    expect([...shifted.dataSync()]).toEqual([20, 20, 40, 60]);
  });

  it("decodeBoxes clamps sizes, not shifts, and clips to the image", () => {
    const anchors = tf.tensor2d([0, 0, 16, 16], [1, 4]);
    const far = tf.tensor2d([100, 0, 99, -99], [1, 4]);
    const side = 16 * 62.5;
    const [x1, y1, x2, y2] = decodeBoxes(anchors, far, plain).dataSync();
    expect(x1).toBeCloseTo(1608 - side / 2, 2);
    expect(x2).toBeCloseTo(1608 + side / 2, 2);
    expect(y2! - y1!).toBeCloseTo(16 * 0.016, 5);
    const clipped = decodeBoxes(anchors, tf.tensor2d([0, 0, 2, 2], [1, 4]), {
      ...plain,
      clip: { height: 20, width: 30 },
    });
    expect([...clipped.dataSync()]).toEqual([0, 0, 30, 20]);
  });

  it("decodeBoxes has gradients of deltas and anchors", () => {
    const anchors = tf.tensor2d([0, 1, 4, 8, 2, 2, 5, 4, -3, -2, 1, 0], [3, 4]);
    const run = (a: tf.Tensor, d: tf.Tensor) => decodeBoxes(a as tf.Tensor2D, d as tf.Tensor2D, coded);
    expectGradient(run as (...inputs: tf.Tensor[]) => tf.Tensor, [anchors, noise([3, 4])]);
  });

  it("decodeBoxes passes no gradient where it clamps or clips", () => {
    const anchors = tf.tensor2d([0, 0, 16, 16, 0, 0, 16, 16], [2, 4]);
    const deltas = tf.tensor2d([0.1, 0.2, 5, -5, 0, 0, 1, 1], [2, 4]);
    const clip = { height: 10, width: 10 };
    const gradient = tf.grad((d: tf.Tensor) => decodeBoxes(anchors, d as tf.Tensor2D, plain))(deltas);
    expect([...gradient.dataSync()].slice(2, 4)).toEqual([0, 0]);
    const clipped = tf.grad((d: tf.Tensor) => decodeBoxes(anchors, d as tf.Tensor2D, { ...plain, clip }))(deltas);
    expect([...clipped.dataSync()].slice(4)).toEqual([0, 0, 0, 0]);
  });

  it("decodeBoxes takes no boxes and refuses other shapes", () => {
    expect(decodeBoxes(tf.zeros([0, 4]), tf.zeros([0, 4]), coded).shape).toEqual([0, 4]);
    expect(() => decodeBoxes(tf.zeros([2, 4]), tf.zeros([3, 4]), coded)).toThrow(
      "anchors [2,4] and deltas [3,4] must both be [N, 4]",
    );
    expect(() => decodeBoxes(tf.zeros([2, 4]), tf.zeros([2, 4]), { ...coded, stds: [1] })).toThrow(
      "4 means and stds are wanted",
    );
  });
});
