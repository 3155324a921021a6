import { LadError, ndArray, random } from "@lad/core";
import { expectClose, expectGradient, expectNoLeak } from "@lad/testing";
import * as tf from "@tensorflow/tfjs-core";
import { expect, it } from "vitest";
import { noise4d, onEngines } from "../test/engines";
import { poolRois } from "./pool-rois";
import { roiAlign } from "./roi-align";
import { roiLevels } from "./roi-levels";

const boxesOf = (...boxes: number[][]) => ({
  boxes: ndArray(Float32Array.from(boxes.flat()), [boxes.length, 4]),
  images: new Int32Array(boxes.length),
});
const two = { height: 2, width: 2 };
const read = (tensor: tf.Tensor) => ndArray(tensor.dataSync().slice() as Float32Array, tensor.shape);

/** The definition, sample by sample in double precision; one image, one channel. */
function reference(x: tf.Tensor4D, box: number[], scale: number, bins: number, ratio: number, aligned: boolean) {
  const values = x.dataSync();
  const [, height, width] = x.shape;
  const offset = aligned ? 0.5 : 0;
  const [x1, y1, x2, y2] = box.map((side) => side * scale - offset) as [number, number, number, number];
  const sizes = [y2 - y1, x2 - x1].map((size) => (aligned ? size : Math.max(size, 1)) / bins) as [number, number];
  const counts = sizes.map((size) => ratio || Math.ceil(size)) as [number, number];
  const at = (y: number, x: number) => {
    if (y < -1 || y > height || x < -1 || x > width) return 0;
    const [cy, cx] = [Math.min(Math.max(y, 0), height - 1), Math.min(Math.max(x, 0), width - 1)];
    const [top, left] = [Math.floor(cy), Math.floor(cx)];
    const cell = (r: number, c: number) => values[Math.min(r, height - 1) * width + Math.min(c, width - 1)]!;
    const line = (r: number) => cell(r, left) * (1 - cx + left) + cell(r, left + 1) * (cx - left);
    return line(top) * (1 - cy + top) + line(top + 1) * (cy - top);
  };
  return Array.from({ length: bins * bins }, (_, bin) => {
    const [row, column] = [Math.floor(bin / bins), bin % bins];
    let sum = 0;
    for (let i = 0; i < counts[0]; i++)
      for (let j = 0; j < counts[1]; j++)
        sum += at(y1 + (row + (i + 0.5) / counts[0]) * sizes[0], x1 + (column + (j + 0.5) / counts[1]) * sizes[1]);
    return sum / Math.max(counts[0] * counts[1], 1);
  });
}

onEngines(() => {
  it("averages a plane to its value at the bin's centre", () => {
    const x = tf.tensor4d(
      Float32Array.from({ length: 64 }, (_, i) => Math.floor(i / 8) * 10 + (i % 8)),
      [1, 8, 8, 1],
    );
    const rois = boxesOf([2, 2, 6, 6], [1, 2, 5, 4]);
    // cell centres lie at half cells: the centre of cells 2 … 5 is the coordinate 4, between cells 3 and 4
    const aligned = roiAlign([x], [1], rois, { size: two });
    expect([...aligned.dataSync()]).toEqual([27.5, 29.5, 47.5, 49.5, 21.5, 23.5, 31.5, 33.5]);
    const old = roiAlign([x], [1], rois, { size: { height: 1, width: 1 }, aligned: false });
    expect([...old.dataSync()]).toEqual([44, 33]);
  });

  it.each([0, 1, 2, 3])("follows the definition, sampling ratio %d", (samplingRatio) => {
    const x = noise4d([1, 9, 11, 1]);
    const stream = random(5);
    for (const aligned of [true, false])
      for (const scale of [1, 0.25])
        for (let i = 0; i < 12; i++) {
          const corner = () => (stream.uniform() * 16 - 3) / scale;
          const [left, top] = [corner(), corner()];
          const box = [left, top, left + Math.abs(corner()), top + Math.abs(corner())].map(Math.fround);
          const got = roiAlign([x], [scale], boxesOf(box), { size: { height: 3, width: 3 }, samplingRatio, aligned });
          const expected = reference(x, box, scale, 3, samplingRatio, aligned);
          expectClose(read(got), ndArray(Float32Array.from(expected), [1, 3, 3, 1]));
        }
  });

  it("has the gradient of the maps, each from its own boxes", async () => {
    const maps = [noise4d([2, 5, 6, 3]), noise4d([2, 3, 3, 3], 2)];
    const rois = {
      ...boxesOf([1, 2, 17, 11], [0, 0, 23, 19], [4, 4, 9, 18], [-6, 3, 40, 12]),
      images: Int32Array.of(1, 0, 0, 1),
      levels: Int32Array.of(0, 1, 0, 0),
    };
    const run = (...inputs: tf.Tensor[]) =>
      roiAlign(inputs as tf.Tensor4D[], [1 / 4, 1 / 8], rois, { size: { height: 2, width: 3 } });
    expectGradient(run, maps);
    await expectNoLeak(() => run(...maps), 1);
    await expectNoLeak(() => tf.grads((a: tf.Tensor, b: tf.Tensor) => run(a, b))(maps), 2);
    // a box reads its own level and image only
    const alone = tf.slice(run(...maps), [1, 0, 0, 0], [1, -1, -1, -1]);
    const same = roiAlign([maps[1]!], [1 / 8], boxesOf([0, 0, 23, 19]), { size: { height: 2, width: 3 } });
    expectClose(read(alone), read(same));
  });

  it("takes no boxes and boxes without area, and shows NaN only where it is", () => {
    const x = noise4d([1, 4, 5, 2]);
    expect(roiAlign([x], [1], boxesOf(), { size: two }).shape).toEqual([0, 2, 2, 2]);
    const none = (y: tf.Tensor) => roiAlign([y as tf.Tensor4D], [1], boxesOf(), { size: two });
    expect(Math.max(...tf.grad(none)(x).dataSync())).toBe(0);
    const odd = boxesOf([2, 2, 2, 2], [3, 3, 1, 1], [50, 50, 60, 60], [-1e6, -1e6, 1e6, 1e6]);
    const got = roiAlign([x], [1], odd, { size: { height: 1, width: 1 } });
    expect([...got.dataSync().subarray(0, 6)]).toEqual([0, 0, 0, 0, 0, 0]);
    expect(Math.abs(got.dataSync()[6]!)).toBeLessThan(1e-8);
    const broken = tf.mul<tf.Tensor4D>(x, tf.tensor4d([1, 1, 1, 1, Number.NaN], [1, 1, 5, 1]));
    const columns = roiAlign([broken], [1], boxesOf([0, 0, 3, 4], [3, 0, 5, 4]), { size: { height: 1, width: 1 } });
    expect([...columns.dataSync()].map(Number.isNaN)).toEqual([false, false, true, true]);
  });

  it("sums in pieces what does not fit into memory together", () => {
    const axis = (cells: number[]) => ({
      starts: Int32Array.of(0, 2, 4, 6),
      cells: Int32Array.from(cells),
      weights: Float32Array.of(0.5, 0.5, 0.25, 0.75, 1, 2),
    });
    const [rows, columns] = [axis([0, 1, 1, 2, 3, 0]), axis([2, 3, 0, 1, 4, 4])];
    const plan = { levels: Int32Array.of(0, 1, 0), images: new Int32Array(3), rows, columns, height: 1, width: 1 };
    const maps = [noise4d([1, 4, 5, 2]), noise4d([1, 4, 5, 2], 2)];
    const run = (elements: number) => {
      const pool = (a: tf.Tensor, b: tf.Tensor) => poolRois([a, b] as tf.Tensor4D[], plan, elements);
      return [pool(maps[0]!, maps[1]!), ...tf.grads(pool)(maps)].map(read);
    };
    const whole = run(1 << 20);
    for (const elements of [1, 16])
      for (const [index, part] of run(elements).entries()) expectClose(part, whole[index]!);
  });

  it("refuses what does not fit", () => {
    const x = noise4d([1, 4, 4, 2]);
    const rois = boxesOf([0, 0, 2, 2]);
    const refused: [() => unknown, string, string][] = [
      [() => roiAlign([x], [], rois, { size: two }), "SHAPE_MISMATCH", "as many scales, got 1 and 0"],
      [
        () => roiAlign([x, noise4d([1, 4, 4, 3])], [1, 1], rois, { size: two }),
        "SHAPE_MISMATCH",
        "share batch and channels",
      ],
      [
        () => roiAlign([x], [1], { ...rois, images: Int32Array.of(1) }, { size: two }),
        "INVALID_ARGUMENT",
        "images must lie in [0, 1), got 1",
      ],
      [
        () => roiAlign([x], [1], { ...rois, images: new Int32Array(2) }, { size: two }),
        "SHAPE_MISMATCH",
        "got [1,4], 2 and 2",
      ],
      [
        () => roiAlign([x], [1], boxesOf([0, 0, Number.NaN, 2]), { size: two }),
        "INVALID_ARGUMENT",
        "box 0 has a coordinate of NaN",
      ],
      [() => roiAlign([x], [0], rois, { size: two }), "INVALID_ARGUMENT", "scales must be greater than 0"],
      [
        () => roiAlign([x], [1], rois, { size: two, samplingRatio: 1.5 }),
        "INVALID_ARGUMENT",
        "samplingRatio must be an integer",
      ],
    ];
    for (const [compute, code, text] of refused) {
      try {
        compute();
        expect.unreachable();
      } catch (error) {
        expect(LadError.is(error) && [error.code, error.message.includes(text)]).toEqual([code, true]);
      }
    }
  });
});

it("roiLevels gives each box the level of its size", () => {
  const scales = [1 / 4, 1 / 8, 1 / 16, 1 / 32];
  const square = (side: number) => [10, 20, 10 + side, 20 + side];
  const levels = (...boxes: number[][]) => [...roiLevels(boxesOf(...boxes).boxes, scales)];
  expect(levels(square(1), square(111), square(112), square(223), square(224), square(448), square(5000))).toEqual([
    0, 0, 1, 1, 2, 3, 3,
  ]);
  expect(levels([0, 0, 448, 112], [5, 5, 1, 9], [3, 3, 3, 3])).toEqual([2, 0, 0]);
  expect(levels()).toEqual([]);
  expect([...roiLevels(boxesOf(square(64)).boxes, scales, { canonicalSize: 64, canonicalLevel: 3 })]).toEqual([1]);
  expect(() => roiLevels(boxesOf([0, 0, 1, 1]).boxes, [1 / 4, 1 / 16])).toThrow("each half of the one before");
  expect(() => roiLevels(ndArray(new Float32Array(4), [4]), scales)).toThrow("boxes must be [N, 4], got [4]");
});
