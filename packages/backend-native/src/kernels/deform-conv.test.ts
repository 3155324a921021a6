import { deformConv2d } from "@lad/nn";
import { expectNoLeak } from "@lad/testing";
import * as tf from "@tensorflow/tfjs-core";
import { expect, it } from "vitest";
import { expectSameAsCpu, nativeSuite, normal } from "../../test/native-suite";

type Case = {
  x: number[];
  filter: number[];
  out: [number, number];
  deformGroups?: number;
  options?: { stride?: number; padding?: number; dilation?: number };
  /** Standard deviation of the offsets, px. */
  reach?: number;
};
const cases: Case[] = [
  { x: [2, 7, 9, 16], filter: [3, 3, 16, 24], out: [7, 9], options: { padding: 1 } },
  { x: [1, 9, 7, 12], filter: [3, 3, 3, 8], out: [5, 4], deformGroups: 3, options: { stride: 2, padding: 1 } },
  {
    x: [1, 8, 9, 40],
    filter: [3, 3, 20, 6],
    out: [4, 5],
    deformGroups: 4,
    options: { stride: 2, padding: 2, dilation: 2 },
  },
  { x: [3, 5, 5, 3], filter: [1, 1, 3, 2], out: [5, 5], reach: 6 },
  { x: [1, 6, 4, 70], filter: [2, 3, 35, 4], out: [5, 2], deformGroups: 2 },
  { x: [0, 5, 5, 2], filter: [3, 3, 2, 2], out: [3, 3] },
];

/** x, offsets, filter and mask of a case. */
function inputs({ x, filter, out, deformGroups = 1, reach = 1.5 }: Case): tf.Tensor[] {
  const samples = filter[0]! * filter[1]! * deformGroups;
  const map = [x[0]!, ...out];
  return [
    normal(x),
    normal([...map, 2 * samples], 2, reach),
    normal(filter, 3),
    tf.sigmoid(normal([...map, samples], 4)),
  ];
}
const convolve = ({ options }: Case, [x, offsets, filter, mask]: tf.Tensor[], bias?: tf.Tensor) =>
  deformConv2d(x as tf.Tensor4D, offsets as tf.Tensor4D, filter as tf.Tensor4D, {
    ...options,
    ...(mask ? { mask: mask as tf.Tensor4D } : {}),
    ...(bias ? { bias } : {}),
  });

nativeSuite("deformable convolution", () => {
  it.each(cases)("is the composed one, with all gradients: x $x, filter $filter", async (each) => {
    for (const count of [3, 4]) {
      const close = { relative: 1e-4, absolute: 1e-4 };
      await expectSameAsCpu(() => convolve(each, inputs(each).slice(0, count), normal([each.filter[3]!], 6)), close);
      const loss = (...all: tf.Tensor[]) => {
        const y = convolve(each, all);
        return tf.sum(tf.mul(y, normal(y.shape, 5)));
      };
      await expectSameAsCpu(() => tf.grads(loss)(inputs(each).slice(0, count)), {
        relative: 1e-4,
        absolute: 5e-4,
        plain: ["Tile"],
      });
    }
  });

  it("works through many pixels in blocks", () => {
    const [images, size, channels] = [12, 16, 64] as const;
    const each = (batch: number): Case => ({
      x: [batch, size, size, channels],
      filter: [3, 3, channels, 8],
      out: [size, size],
      options: { padding: 1 },
    });
    tf.tidy(() => {
      const all = inputs(each(images));
      const gradients = (given: tf.Tensor[]) => {
        const run = (...tensors: tf.Tensor[]) => tf.sum(tf.square(convolve(each(1), tensors)));
        return [convolve(each(1), given), ...tf.grads(run)(given)];
      };
      const [together, first, last] = [0, 1, 2].map((which) => {
        const part = (x: tf.Tensor) =>
          which === 0 || x.shape[0] !== images ? x : tf.slice(x, which === 1 ? 0 : images - 1, 1);
        return gradients(all.map(part));
      });
      // y, dx, doffsets and dmask of the first and the last image are what they are alone
      for (const index of [0, 1, 2, 4])
        for (const [alone, at] of [
          [first!, 0],
          [last!, images - 1],
        ] as const) {
          const apart = tf.sub(tf.slice(together![index]!, at, 1), alone[index]!);
          expect(tf.max(tf.abs(apart)).dataSync()[0]).toBeLessThan(1e-4 * tf.max(tf.abs(alone[index]!)).dataSync()[0]!);
        }
    });
  });

  it("leaks nothing and shows NaN", async () => {
    const each = cases[0]!;
    const given = tf.tidy(() => inputs(each));
    const run = (...all: tf.Tensor[]) => convolve(each, all);
    const made = await expectNoLeak(() => tf.grads(run)(given), 4);
    const broken = tf.tidy(() => {
      const rows = (...all: tf.Tensor[]) => [...tf.any(tf.isNaN(run(...all)), [1, 2, 3]).dataSync()];
      const nan = tf.mul(given[1]!, tf.tensor4d([1, Number.NaN], [2, 1, 1, 1]));
      return [rows(given[0]!, nan, ...given.slice(2)), rows(tf.mul(given[0]!, Number.NaN), ...given.slice(1))];
    });
    expect(broken).toEqual([
      [0, 1],
      [1, 1],
    ]);
    tf.dispose([given, made]);
  });

  it("refuses tensors that do not fit", () => {
    const [x, offsets, filter, mask] = inputs(cases[0]!) as [tf.Tensor, tf.Tensor, tf.Tensor, tf.Tensor];
    const shape = {
      kernelHeight: 3,
      kernelWidth: 3,
      stride: 1,
      padding: 1,
      dilation: 1,
      groups: 1,
      deformGroups: 1,
      outHeight: 7,
      outWidth: 9,
    };
    const run = (given: Record<string, tf.Tensor>, more: object = {}) =>
      tf.engine().runKernel("LadDeformConv", { x, offsets, filter, ...given }, { ...shape, ...more });
    expect(() => run({ offsets: mask })).toThrow("offsets must be [2,7,9,18] for x [2,7,9,16], got [2,7,9,9]");
    expect(() => run({ mask: offsets })).toThrow("mask must be [2,7,9,9]");
    expect(() => run({}, { groups: 2 })).toThrow("filter must be [3,3,8,24]");
    expect(() => run({}, { stride: 0 })).toThrow("sizes of a deformable convolution");
    expect(() => tf.engine().runKernel("LadDeformConvInputGradients", { dy: mask, x, offsets, filter }, shape)).toThrow(
      "dy must be [2,7,9,24]",
    );
    tf.dispose([x, offsets, filter, mask]);
  });
});
