// Right calls of convolutions and matrix products, drawn at random.

/** A shape as src/native/convolution.h describes it, and how many elements each array of the call has. */
function convolution(draw) {
  const groups = draw.pick([1, 1, 1, 2, 4]);
  const wide = draw.chance(0.2); // enough channels for Winograd
  const few = wide && draw.chance(0.3); // few pixels of many channels: its small tiles
  const channels = () => (wide ? (few ? 128 : 64) : groups * draw.whole(1, 6));
  const [inputs, outputs] = [channels(), channels()];
  const length = () => (few ? 9 : draw.whole(5, wide ? 30 : 9));
  const [batch, height, width] = [few ? 2 : draw.whole(1, 2), length(), length()];
  const side = wide ? 3 : draw.whole(1, 3);
  const [stride, dilation, padding] = wide ? [1, 1, 1] : [draw.whole(1, 2), draw.whole(1, 2), draw.whole(0, 2)];
  const out = (size) => Math.floor((size + 2 * padding - dilation * (side - 1) - 1) / stride) + 1;
  const last = (size) => Math.max(0, (out(size) - 1) * stride + dilation * (side - 1) + 1 - size - padding);
  const shape = Int32Array.from([
    ...[batch, height, width, inputs, out(height), out(width), outputs, side, side, stride, stride],
    ...[padding, last(height), padding, last(width), dilation, dilation, wide ? 1 : groups],
  ]);
  return {
    shape,
    x: batch * height * width * inputs,
    y: batch * out(height) * out(width) * outputs,
    filter: side * side * (inputs / (wide ? 1 : groups)) * outputs,
    outputs,
  };
}

function matmul(draw) {
  const [rows, columns, depth] = draw.list(3, 1, 20);
  const batch = draw.whole(1, 4);
  const [batchA, batchB] = draw.pick([
    [batch, batch],
    [1, batch],
    [batch, 1],
  ]);
  const sizes = Int32Array.from([batchA, batchB, rows, columns, depth, draw.whole(0, 1), draw.whole(0, 1)]);
  const bias = draw.chance(0.5) ? draw.floats(columns) : null;
  const y = draw.floats(Math.max(batchA, batchB) * rows * columns);
  return [draw.floats(batchA * rows * depth), draw.floats(batchB * depth * columns), bias, y, sizes];
}

function deformed(draw) {
  const [groups, deformGroups] = [draw.pick([1, 2]), draw.pick([1, 2])];
  const [inputs, outputs] = [2 * draw.whole(1, 4), 2 * draw.whole(1, 4)];
  const [batch, height, width] = [draw.whole(0, 2), ...draw.list(2, 1, 6)];
  const [tall, wide, stride, padding, dilation] = [
    ...draw.list(2, 1, 3),
    draw.whole(1, 2),
    draw.whole(0, 2),
    draw.whole(1, 2),
  ];
  const out = [draw.whole(1, 5), draw.whole(1, 5)];
  const sizes = [
    batch,
    height,
    width,
    inputs,
    tall,
    wide,
    outputs,
    ...out,
    stride,
    padding,
    dilation,
    groups,
    deformGroups,
  ];
  const samples = batch * out[0] * out[1] * tall * wide * deformGroups;
  return {
    shape: Int32Array.from(sizes),
    x: () => draw.floats(batch * height * width * inputs),
    offsets: () => draw.floats(samples * 2),
    mask: () => draw.floats(samples),
    filter: () => draw.floats(tall * wide * (inputs / groups) * outputs),
    y: () => draw.floats(batch * out[0] * out[1] * outputs),
  };
}

const maybe = (draw, make) => (draw.chance(0.5) ? make() : null);

export const convolutionCalls = {
  matmul,
  convolution: (draw, c = convolution(draw)) => [
    ...[
      draw.floats(c.x),
      draw.floats(c.filter),
      maybe(draw, () => draw.floats(c.outputs)),
      draw.floats(c.y),
      c.shape,
      0,
    ],
  ],
  convolutionInputGradient: (draw, c = convolution(draw)) => [
    draw.floats(c.y),
    draw.floats(c.filter),
    draw.floats(c.x),
    c.shape,
    0,
  ],
  convolutionFilterGradient: (draw, c = convolution(draw)) => [
    draw.floats(c.x),
    draw.floats(c.y),
    draw.floats(c.filter),
    c.shape,
  ],
  convolutionAlgorithm: (draw) => [convolution(draw).shape, draw.whole(0, 2)],
  preparedFilterSize: (draw) => [convolution(draw).shape, draw.whole(0, 1), draw.whole(0, 1)],
  // as large as any layout of these filters
  prepareFilter: (draw, c = convolution(draw)) => [
    ...[draw.floats(c.filter), draw.floats(c.filter * 40 + 20_000), c.shape, draw.whole(0, 1), draw.whole(0, 1)],
  ],
  setDirectOnly: (draw) => [draw.whole(0, 1)],
  deformConv: (draw, d = deformed(draw)) => [d.x(), d.offsets(), maybe(draw, d.mask), d.filter(), d.y(), d.shape],
  deformConvFilterGradient: (draw, d = deformed(draw)) => [
    d.x(),
    d.offsets(),
    maybe(draw, d.mask),
    d.y(),
    d.filter(),
    d.shape,
  ],
  deformConvInputGradients: (draw, d = deformed(draw)) => {
    const masked = draw.chance(0.5);
    const mask = () => (masked ? d.mask() : null);
    return [d.x(), d.offsets(), mask(), d.filter(), d.y(), d.x(), d.offsets(), mask(), d.shape];
  },
};
