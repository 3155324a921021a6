import * as tf from "@tensorflow/tfjs-core";
import { expect, it } from "vitest";
import { expectSameAsCpu, nativeSuite, normal } from "../../test/native-suite";

type Place = { alignCorners: boolean; halfPixelCenters: boolean };
const places: Place[] = [
  { alignCorners: false, halfPixelCenters: false },
  { alignCorners: true, halfPixelCenters: false },
  { alignCorners: false, halfPixelCenters: true },
];
/** From, to: non-square, larger and smaller, odd factors, from and to a single pixel. */
const sides: [[number, number], [number, number]][] = [
  [
    [3, 5],
    [6, 10],
  ],
  [
    [7, 4],
    [13, 9],
  ],
  [
    [9, 13],
    [4, 5],
  ],
  [
    [1, 6],
    [5, 1],
  ],
  [
    [4, 3],
    [4, 3],
  ],
];

/** Which sources a target takes how much of, by the definition, in double precision. */
function taken(
  from: number,
  to: number,
  bilinear: boolean,
  { alignCorners, halfPixelCenters }: Place,
): Map<number, number>[] {
  const scale = alignCorners && to > 1 ? (from - 1) / (to - 1) : from / to;
  const inside = (at: number) => Math.min(Math.max(at, 0), from - 1);
  return Array.from({ length: to }, (_, target) => {
    const place = halfPixelCenters ? scale * (target + 0.5) - (bilinear ? 0.5 : 0) : scale * target;
    if (!bilinear) return new Map([[inside(alignCorners ? Math.round(place) : Math.floor(place)), 1]]);
    const [low, rest] = [Math.floor(place), place - Math.floor(place)];
    const shares = new Map([[inside(low), 1 - rest]]);
    if (rest > 0) shares.set(inside(low + 1), (shares.get(inside(low + 1)) ?? 0) + rest);
    return shares;
  });
}

/** Calls `work` for every source, target and share of a map with 2 images and 3 channels. */
function eachShare(
  [height, width]: readonly number[],
  [tall, wide]: readonly number[],
  bilinear: boolean,
  place: Place,
  work: (source: number, target: number, share: number) => void,
): void {
  const [rows, columns] = [taken(height!, tall!, bilinear, place), taken(width!, wide!, bilinear, place)];
  for (let image = 0; image < 2; image++)
    rows.forEach((fromRows, y) => {
      columns.forEach((fromColumns, x) => {
        for (const [row, down] of fromRows)
          for (const [column, across] of fromColumns)
            for (let channel = 0; channel < 3; channel++)
              work(
                ((image * height! + row) * width! + column) * 3 + channel,
                ((image * tall! + y) * wide! + x) * 3 + channel,
                down * across,
              );
      });
    });
}

const far = (a: ArrayLike<number>, b: ArrayLike<number>) =>
  Array.from(a).reduce(
    (worst, value, index) => Math.max(worst, Math.abs(value - b[index]!)),
    a.length === b.length ? 0 : 1,
  );

nativeSuite("resizing", () => {
  const kinds = [
    ["ResizeBilinear", true],
    ["ResizeNearestNeighbor", false],
  ] as const;
  it.each(kinds)(
    "%s and its gradient are the definition's, on maps that are no squares too",
    (kernelName, bilinear) => {
      for (const [from, to] of sides)
        for (const place of places) {
          const attributes = { size: to, ...place };
          const images = normal([2, ...from, 3]);
          const dy = normal([2, ...to, 3], 2);
          const y = new Float64Array(dy.size);
          const dx = new Float64Array(images.size);
          const [x, slope] = [images.dataSync(), dy.dataSync()];
          eachShare(from, to, bilinear, place, (source, target, share) => {
            y[target]! += share * x[source]!;
            dx[source]! += share * slope[target]!;
          });
          tf.tidy(() => {
            const made = tf.engine().runKernel(kernelName, { images }, attributes) as tf.Tensor;
            expect(far(made.dataSync(), y)).toBeLessThan(2e-6);
            const back = tf.engine().runKernel(`${kernelName}Grad`, { images, dy }, attributes) as tf.Tensor;
            expect(back.shape).toEqual(images.shape);
            expect(far(back.dataSync(), dx)).toBeLessThan(1e-5);
          });
          tf.dispose([images, dy]);
        }
    },
  );

  it("is the plain one's forward, by tfjs' own functions; the gradient flows through them", async () => {
    for (const { alignCorners, halfPixelCenters } of places)
      for (const f of [tf.image.resizeBilinear, tf.image.resizeNearestNeighbor])
        await expectSameAsCpu(() => f(normal([1, 5, 8, 70]) as tf.Tensor4D, [11, 4], alignCorners, halfPixelCenters));
    const gradient = tf.tidy(() =>
      tf
        .grad((x) => tf.sum(tf.image.resizeBilinear(x as tf.Tensor4D, [4, 6], false, true)))(tf.ones([1, 2, 3, 1]))
        .dataSync(),
    );
    expect([...gradient]).toEqual([4, 4, 4, 4, 4, 4]);
  });

  it("takes empty batches, and lets NaN through", async () => {
    await expectSameAsCpu(() => tf.image.resizeBilinear(normal([0, 3, 4, 2]) as tf.Tensor4D, [6, 6]));
    const shown = tf.tidy(() =>
      tf.image.resizeBilinear(tf.fill([1, 2, 2, 1], Number.NaN) as tf.Tensor4D, [3, 3]).dataSync(),
    );
    expect([...shown].every(Number.isNaN)).toBe(true);
  });

  it("crops boxes, also reaching outside", async () => {
    const boxes = () => tf.tensor2d([0.1, 0.2, 0.7, 0.9, 0.9, 0.8, 0.1, -0.2, 0, 0, 1, 1, -0.5, 0.5, 1.5, 2], [4, 4]);
    const of = () => tf.tensor1d([0, 1, 1, 0], "int32");
    for (const method of ["bilinear", "nearest"] as const)
      for (const size of [
        [3, 5],
        [1, 1],
        [4, 1],
      ] as [number, number][])
        await expectSameAsCpu(() =>
          tf.image.cropAndResize(normal([2, 6, 9, 3]) as tf.Tensor4D, boxes(), of(), size, method, -3),
        );
    await expectSameAsCpu(() =>
      tf.image.cropAndResize(normal([2, 6, 9, 3]) as tf.Tensor4D, tf.zeros([0, 4]), tf.zeros([0], "int32"), [2, 2]),
    );
  });

  it("refuses what does not fit", () => {
    tf.tidy(() => {
      const run = (name: string, inputs: object, attributes: object) => () =>
        tf.engine().runKernel(name, inputs as never, attributes as never);
      const [images, dy] = [normal([1, 3, 4, 2]), normal([1, 6, 8, 3])];
      expect(run("ResizeBilinearGrad", { images, dy }, places[0]!)).toThrow(
        "dy [1,6,8,3] is no resized images [1,3,4,2]",
      );
      const boxInd = tf.tensor1d([2], "int32");
      const attributes = { cropSize: [2, 2], method: "bilinear", extrapolationValue: 0 };
      const crop = { image: images, boxes: tf.ones([1, 4]), boxInd };
      expect(run("CropAndResize", crop, attributes)).toThrow("images in [0, 1)");
      expect(run("CropAndResize", { ...crop, boxes: tf.ones([2, 4]) }, attributes)).toThrow(
        "boxes [2,4] and boxInd [1]",
      );
    });
  });
});
