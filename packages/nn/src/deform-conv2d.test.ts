import { LadError, ndArray, random } from "@lad/core";
import { createTape, trainableVariables } from "@lad/tensor";
import { expectClose, expectGradient, expectNoLeak } from "@lad/testing";
import * as tf from "@tensorflow/tfjs-core";
import { expect, it } from "vitest";
import { noise4d, onEngines } from "../test/engines";
import { conv2d } from "./conv2d";
import { deformConvLayer } from "./deform-conv-layer";
import { type DeformConv2dOptions, deformConv2d } from "./deform-conv2d";

type Shape = [number, number, number, number];
const read = (tensor: tf.Tensor) => ndArray(tensor.dataSync().slice() as Float32Array, tensor.shape);

/** Offsets whose samples keep away from whole pixels, where slopes jump; `reach` px wide. */
function offsets(shape: Shape, reach = 2, seed = 3): tf.Tensor4D {
  const stream = random(seed);
  const values = Float32Array.from(
    { length: tf.util.sizeFromShape(shape) },
    () => Math.floor((stream.uniform() - 0.5) * 2 * reach) + 0.2 + 0.6 * stream.uniform(),
  );
  return tf.tensor4d(values, shape);
}

/** The definition, sample by sample in double precision. */
function reference(
  x: tf.Tensor4D,
  moves: tf.Tensor4D,
  filter: tf.Tensor4D,
  { mask, stride = 1, padding = 0, dilation = 1 }: DeformConv2dOptions,
): number[] {
  const [batch, height, width, inputs] = x.shape;
  const [kernelHeight, kernelWidth, each, outputs] = filter.shape;
  const [, rows, columns, channels] = moves.shape;
  const taps = kernelHeight * kernelWidth;
  const [map, move, weights, factors] = [x, moves, filter, mask].map((tensor) => tensor?.dataSync());
  const pixel = (image: number, r: number, c: number, channel: number) =>
    r < 0 || r >= height || c < 0 || c >= width ? 0 : map![((image * height + r) * width + c) * inputs + channel]!;
  const sample = (image: number, r: number, c: number, channel: number) => {
    const [top, left] = [Math.floor(r), Math.floor(c)];
    const line = (row: number) =>
      pixel(image, row, left, channel) * (1 - c + left) + pixel(image, row, left + 1, channel) * (c - left);
    return line(top) * (1 - r + top) + line(top + 1) * (r - top);
  };
  const out: number[] = [];
  for (let at = 0; at < batch * rows * columns; at++) {
    const [image, row, column] = [Math.floor(at / rows / columns), Math.floor(at / columns) % rows, at % columns];
    for (let output = 0; output < outputs; output++) {
      let sum = 0;
      for (let tap = 0; tap < taps; tap++)
        for (let i = 0; i < each; i++) {
          const channel = Math.floor(output / (outputs / (inputs / each))) * each + i;
          const group = Math.floor(channel / (inputs / (channels / 2 / taps)));
          const place = at * channels + (group * taps + tap) * 2;
          const r = row * stride - padding + Math.floor(tap / kernelWidth) * dilation + move![place]!;
          const c = column * stride - padding + (tap % kernelWidth) * dilation + move![place + 1]!;
          const factor = factors ? factors[(at * channels) / 2 + group * taps + tap]! : 1;
          sum += factor * sample(image, r, c, channel) * weights![(tap * each + i) * outputs + output]!;
        }
      out.push(sum);
    }
  }
  return out;
}

const cases: {
  name: string;
  x: Shape;
  out: Shape;
  filter: Shape;
  deformGroups: number;
  options?: DeformConv2dOptions;
}[] = [
  { name: "3×3", x: [2, 3, 2, 2], out: [2, 3, 2, 2], filter: [3, 3, 2, 2], deformGroups: 1, options: { padding: 1 } },
  {
    name: "stride, dilation, both kinds of groups",
    x: [1, 4, 5, 8],
    out: [1, 2, 3, 4],
    filter: [3, 3, 2, 4],
    deformGroups: 2,
    options: { stride: 2, padding: 2, dilation: 2 },
  },
  {
    name: "2×1, deformable groups across groups",
    x: [1, 4, 3, 6],
    out: [1, 3, 3, 3],
    filter: [2, 1, 2, 3],
    deformGroups: 2,
  },
  { name: "1×1", x: [1, 3, 4, 3], out: [1, 3, 4, 2], filter: [1, 1, 3, 2], deformGroups: 3 },
];

onEngines((engine) => {
  it.each(cases)(
    "deformConv2d follows the definition, with all gradients: $name",
    async ({ x, out, filter, deformGroups, options }) => {
      const samples = deformGroups * filter[0] * filter[1];
      const shape = (channels: number): Shape => [out[0], out[1], out[2], channels];
      const given = [noise4d(x), offsets(shape(2 * samples)), noise4d(filter, 2)] as const;
      const mask = tf.sigmoid(noise4d(shape(samples), 5));
      const run = (...[map, moves, weights, factors]: tf.Tensor[]) =>
        deformConv2d(map as tf.Tensor4D, moves as tf.Tensor4D, weights as tf.Tensor4D, {
          ...options,
          ...(factors ? { mask: factors as tf.Tensor4D } : {}),
        });
      for (const inputs of [given, [...given, mask]]) {
        const got = await expectNoLeak(() => run(...inputs), 1);
        const expected = reference(given[0], given[1], given[2], {
          ...options,
          ...(inputs.length > 3 ? { mask } : {}),
        });
        expectClose(read(got), ndArray(Float32Array.from(expected), out), { relative: 1e-4, absolute: 1e-4 });
        if (inputs.length > 3 || samples < 9) expectGradient(run, inputs);
        await expectNoLeak(() => tf.grads(run)([...inputs]), inputs.length);
      }
    },
  );

  it("deformConv2d without offsets is a convolution, and a fraction of a cell outside fades", () => {
    const [x, filter, bias] = [noise4d([1, 5, 6, 3]), noise4d([3, 3, 3, 4], 2), tf.tensor1d([1, 2, 3, 4])];
    const options = { stride: 2, padding: 1, bias };
    const none = tf.zeros([1, 3, 3, 18]) as tf.Tensor4D;
    expectClose(read(deformConv2d(x, none, filter, options)), read(conv2d(x, filter, options)));
    const one = tf.ones([1, 2, 2, 1]) as tf.Tensor4D;
    const unit = tf.ones([1, 1, 1, 1]) as tf.Tensor4D;
    const at = (y: number, column: number) => {
      const move = tf.tensor4d([y, column, 0, 0, 0, 0, 0, 0], [1, 2, 2, 2]);
      const slope = tf.grad((moves: tf.Tensor) =>
        tf.slice(deformConv2d(one, moves as tf.Tensor4D, unit), [0, 0, 0, 0], [1, 1, 1, 1]),
      )(move);
      return [deformConv2d(one, move, unit).dataSync()[0]!, ...slope.dataSync().subarray(0, 2)];
    };
    expect(at(-0.25, 0)).toEqual([0.75, 1, 0]);
    expect(at(1.5, 1.5)).toEqual([0.25, -0.5, -0.5]);
    for (const [y, column] of [
      [-1, 0],
      [2, 0],
      [0, -1],
      [0, 2],
      [-7, 0.5],
      [1e6, 0],
    ] as const)
      expect(at(y, column).map((value) => value + 0)).toEqual([0, 0, 0]);
  });

  it("deformConv2d takes no images, and shows NaN of maps and offsets where it is", () => {
    const filter = noise4d([3, 3, 2, 2]);
    const run = (x: tf.Tensor, moves: tf.Tensor, weights: tf.Tensor) =>
      deformConv2d(x as tf.Tensor4D, moves as tf.Tensor4D, weights as tf.Tensor4D, { padding: 1 });
    const none = [tf.zeros([0, 4, 4, 2]), tf.zeros([0, 4, 4, 18]), filter];
    expect(run(none[0]!, none[1]!, filter).shape).toEqual([0, 4, 4, 2]);
    const gradients = tf.grads(run)(none);
    expect(gradients.map(({ shape }) => shape)).toEqual(none.map(({ shape }) => shape));
    expect(Math.max(...gradients[2]!.dataSync())).toBe(0);
    const broken = tf.mul(tf.ones([1, 1, 4, 18]), tf.tensor4d([1, 1, 1, Number.NaN], [1, 1, 4, 1]));
    const moved = run(tf.ones([1, 1, 4, 2]), broken, filter).dataSync();
    expect([...moved].map(Number.isNaN)).toEqual([false, false, false, false, false, false, true, true]);
    const map = tf.tensor4d([1, 1, 1, 1, 1, 1, 1, Number.NaN], [1, 1, 4, 2]);
    const read = run(map, tf.fill([1, 1, 4, 18], 0.01), filter).dataSync();
    expect([...read].map(Number.isNaN)).toEqual([false, false, true, true, true, true, true, true]);
  });

  it("deformConvLayer refuses groups that do not divide its channels", () => {
    expect(() => deformConvLayer({ in: 4, out: 6, kernel: 3, groups: 4, random: random(1) })).toThrow(
      "deformConvLayer: groups (4) must divide the 4 input and the 6 output channels",
    );
  });

  it("deformConvLayer predicts its own offsets and starts as a convolution", () => {
    for (const modulated of [false, true]) {
      const layer = deformConvLayer({
        in: 4,
        out: 6,
        kernel: 3,
        groups: 2,
        deformGroups: 2,
        modulated,
        random: random(1),
      });
      expect([...layer.params.keys()]).toEqual(["weight", "conv_offset.weight", "conv_offset.bias"]);
      const x = noise4d([1, 4, 5, 4]);
      const none = tf.zeros([1, 4, 5, 36]) as tf.Tensor4D;
      const weight = layer.params.get("weight")!.variable as tf.Tensor as tf.Tensor4D;
      const plain = tf.mul(deformConv2d(x, none, weight, { padding: 1 }), modulated ? 0.5 : 1);
      expectClose(read(layer.forward(x)), read(plain));
      if (engine === "wasm") continue; // the stock engine has no gradient of the ordinary convolution
      const tape = createTape();
      const loss = tape.run(() => tf.sum(tf.square(layer.forward(x))));
      expect(tape.gradients({ loss }, trainableVariables(layer.params)).size).toBe(3);
      tape.end();
    }
  });

  it("deformConv2d refuses what does not fit", () => {
    const [x, filter] = [noise4d([1, 4, 4, 4]), noise4d([3, 3, 4, 2])];
    const moves = (channels: number, side = 4) => tf.zeros([1, side, side, channels]) as tf.Tensor4D;
    const one = { padding: 1 };
    const refused: [() => unknown, string, string][] = [
      [() => deformConv2d(x, moves(18, 3), filter, one), "SHAPE_MISMATCH", "gives a map of [1,4,4]"],
      [() => deformConv2d(x, moves(17), filter, one), "SHAPE_MISMATCH", "got offsets [1,4,4,17]"],
      [() => deformConv2d(x, moves(18), filter, { ...one, mask: moves(18) }), "SHAPE_MISMATCH", "mask [1,4,4,18]"],
      [() => deformConv2d(x, moves(18), noise4d([3, 3, 3, 2]), one), "SHAPE_MISMATCH", "filter [3,3,3,2]"],
      [() => deformConv2d(x, moves(54), filter, one), "SHAPE_MISMATCH", "offsets [1,4,4,54]"],
      [() => deformConv2d(noise4d([1, 1, 1, 4]), moves(18), filter), "SHAPE_MISMATCH", "x [1,1,1,4]"],
      [
        () => deformConv2d(x, moves(18), filter, { stride: 0 }),
        "INVALID_ARGUMENT",
        "stride must be an integer of at least 1",
      ],
      [() => deformConv2d(x, moves(18), filter, { ...one, bias: tf.zeros([3]) }), "SHAPE_MISMATCH", "bias must be [2]"],
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
