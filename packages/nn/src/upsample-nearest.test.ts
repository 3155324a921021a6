import { createTape } from "@lad/tensor";
import { expectGradient, expectNoLeak } from "@lad/testing";
import * as tf from "@tensorflow/tfjs-core";
import { expect, it } from "vitest";
import { noise, noise4d, onEngines } from "../test/engines";
import { upsampleNearest } from "./upsample-nearest";

const sizes = [
  { height: 6, width: 8 },
  { height: 5, width: 7 },
  { height: 6, width: 4 },
  { height: 3, width: 4 },
  { height: 10, width: 9 },
  { height: 2, width: 3 },
  { height: 1, width: 12 },
];

onEngines(() => {
  it.each(sizes)("upsampleNearest takes floor(target · in / out): %o", async ({ height, width }) => {
    const x = noise4d([2, 3, 4, 2]);
    const got = await expectNoLeak(() => upsampleNearest(x, { height, width }), 1);
    const map = x.arraySync();
    const expected = map.map((image) =>
      Array.from({ length: height }, (_, y) =>
        Array.from({ length: width }, (_, c) => image[Math.floor((y * 3) / height)]![Math.floor((c * 4) / width)]!),
      ),
    );
    expect(got.arraySync()).toEqual(expected);
  });

  it.each(sizes)("upsampleNearest's gradient sums the copies: %o", (size) => {
    expectGradient((x) => upsampleNearest(x as tf.Tensor4D, size), [noise([1, 3, 4, 2])]);
  });

  it("upsampleNearest counts copies exactly, 0 for pixels that are left out", () => {
    const x = tf.variable(tf.zeros([1, 3, 4, 1]) as tf.Tensor4D);
    const tape = createTape();
    const loss = tape.run(() => tf.sum(upsampleNearest(x, { height: 5, width: 2 })));
    expect([...tape.gradients({ loss }, [x]).get(x)!.dataSync()]).toEqual([2, 0, 2, 0, 2, 0, 2, 0, 1, 0, 1, 0]);
    tape.end();
  });

  it("upsampleNearest refuses sides that are not positive integers", () => {
    const x = tf.zeros([1, 2, 2, 1]) as tf.Tensor4D;
    expect(() => upsampleNearest(x, { height: 0, width: 4 })).toThrow("height must be an integer of at least 1, got 0");
    expect(() => upsampleNearest(x, { height: 4, width: 2.5 })).toThrow("width must be an integer of at least 1");
  });
});
