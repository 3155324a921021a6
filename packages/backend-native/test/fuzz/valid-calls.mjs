import { productOf, stepsOf } from "./draw.mjs";
import { convolutionCalls } from "./valid-convolutions.mjs";
import { lossCalls } from "./valid-losses.mjs";

// For every entry point of the add-on: arguments of a call that is right, drawn at random.

/** Two operands of which axes are broadcast, as src/native/pairs.h reads them. */
function pair(draw, make, output, operations) {
  const sizes = draw.list(draw.whole(0, 5), 0, 5);
  const own = () => sizes.map((size) => (draw.chance(0.3) ? 1 : size));
  const steps = (shape) => stepsOf(shape).map((step, axis) => (shape[axis] === 1 ? 0 : step));
  const [a, b] = [own(), own()];
  const meta = Int32Array.from([sizes.length, ...sizes, ...steps(a), ...steps(b)]);
  return [draw.whole(0, operations - 1), make(productOf(a)), make(productOf(b)), output(productOf(sizes)), meta];
}

function reduction(draw, make, output, ...more) {
  const [outer, length, inner] = [draw.whole(0, 5), draw.whole(1, 70), draw.whole(0, 40)];
  return [make(outer * length * inner), output(outer * inner), outer, length, inner, ...more];
}

/** As src/native/movement.cc reads it: forwards or backwards through x. */
function copy(draw) {
  const sizes = draw.list(draw.whole(0, 6), 0, 4);
  const order = sizes.map((_, axis) => axis).sort(() => draw.uniform() - 0.5);
  const [from, to] = [stepsOf(sizes), stepsOf(order.map((axis) => sizes[axis]))];
  const turned = draw.chance(0.5) && productOf(sizes) > 0;
  const fromAt = turned ? sizes.reduce((sum, size, axis) => sum + (size - 1) * from[axis], 0) : 0;
  const meta = [
    sizes.length,
    fromAt,
    0,
    ...order.map((axis) => sizes[axis]),
    ...order.map((axis) => (turned ? -from[axis] : from[axis])),
    ...to,
  ];
  const make = draw.pick([draw.floats, draw.integers, draw.bytes]);
  return [make(productOf(sizes)), make(productOf(sizes)), Int32Array.from(meta)];
}

function indexed(draw, order) {
  const [depth, width, count] = [draw.whole(1, 3), draw.whole(0, 9), draw.whole(0, 12)];
  const sizes = Int32Array.from(draw.list(depth, 1, 5));
  const at = draw.integers(count * depth);
  for (let i = 0; i < at.length; i++) at[i] = draw.whole(0, sizes[i % depth] - 1);
  return order(draw.floats(productOf([...sizes]) * width), at, draw.floats(count * width), sizes, width);
}

function gatherRows(draw) {
  const [batch, outer, size, inner, taken] = [
    draw.whole(1, 3),
    draw.whole(1, 3),
    draw.whole(1, 6),
    draw.whole(0, 9),
    draw.whole(0, 7),
  ];
  const at = draw.integers(batch * taken, 0, size - 1);
  return [
    draw.floats(batch * outer * size * inner),
    at,
    draw.floats(batch * outer * taken * inner),
    batch,
    outer,
    size,
    inner,
  ];
}

/** Window, strides and paddings of a pooling that fit. */
function pooling(draw) {
  const [batch, height, width, channels] = [draw.whole(0, 2), draw.whole(1, 9), draw.whole(1, 9), draw.whole(1, 70)];
  const [tall, wide] = [draw.whole(1, Math.min(3, height)), draw.whole(1, Math.min(3, width))];
  const [down, right] = [draw.whole(1, 3), draw.whole(1, 3)];
  const out = [Math.floor((height - tall) / down) + 1, Math.floor((width - wide) / right) + 1];
  const sizes = [batch, height, width, channels, ...out, tall, wide, down, right, draw.whole(0, 1), draw.whole(0, 1)];
  return { x: batch * height * width * channels, y: batch * out[0] * out[1] * channels, sizes: Int32Array.from(sizes) };
}

function resizing(draw) {
  const [batch, height, width, channels, tall, wide] = [
    ...draw.list(3, 1, 6),
    draw.whole(1, 40),
    ...draw.list(2, 1, 9),
  ];
  const sizes = Int32Array.from([batch, height, width, channels, tall, wide, ...draw.list(3, 0, 1)]);
  return { x: batch * height * width * channels, y: batch * tall * wide * channels, sizes };
}

function cropping(draw) {
  const [batch, height, width, channels, boxes, tall, wide] = [
    ...draw.list(4, 1, 5),
    draw.whole(0, 4),
    ...draw.list(2, 1, 5),
  ];
  const sizes = Int32Array.from([batch, height, width, channels, boxes, tall, wide, draw.whole(0, 1)]);
  const y = draw.floats(boxes * tall * wide * channels);
  return [
    draw.floats(batch * height * width * channels),
    draw.floats(boxes * 4),
    draw.integers(boxes, 0, batch - 1),
    y,
    sizes,
    0.5,
  ];
}

function norm(draw) {
  const groups = draw.whole(1, 4);
  const channels = groups * draw.whole(1, 9);
  const [sets, pixels] = [draw.whole(0, 3), draw.whole(0, 40)];
  const map = () => draw.floats(sets * pixels * channels);
  return {
    sets,
    pixels,
    channels,
    groups,
    map,
    vector: () => draw.floats(channels),
    statistics: () => draw.floats(sets * channels),
  };
}

function givenNorm(draw) {
  const [pixels, channels] = [draw.whole(0, 70), draw.whole(1, 40)];
  return { pixels, channels, map: () => draw.floats(pixels * channels), vector: () => draw.floats(channels) };
}

function rows(draw) {
  const [count, channels] = [draw.whole(0, 40), draw.whole(0, 70)];
  return {
    count,
    channels,
    map: () => draw.floats(count * channels),
    vector: () => draw.floats(channels),
    each: () => draw.floats(count),
  };
}

function roi(draw, gradient) {
  const [batch, height, width, channels, down, across] = [
    draw.whole(1, 2),
    ...draw.list(2, 1, 6),
    draw.whole(0, 20),
    ...draw.list(2, 1, 3),
  ];
  const boxes = draw.whole(0, 4);
  const axis = (bins, side) => {
    const starts = [0];
    for (let bin = 0; bin < boxes * bins; bin++) starts.push(starts[bin] + draw.whole(0, 3));
    const taps = starts.at(-1);
    return [Int32Array.from(starts), draw.integers(taps, 0, side - 1), draw.floats(taps)];
  };
  const [map, bins] = [draw.floats(batch * height * width * channels), draw.floats(boxes * down * across * channels)];
  const sizes = Int32Array.from([batch, height, width, channels, down, across, 1]);
  const plan = [
    sizes,
    draw.integers(boxes, 0, 1),
    draw.integers(boxes, 0, batch - 1),
    ...axis(down, height),
    ...axis(across, width),
  ];
  return [...(gradient ? [bins, map] : [map, bins]), ...plan];
}

export const validCalls = {
  ...convolutionCalls,
  ...lossCalls,
  binary: (draw) => pair(draw, draw.floats, draw.floats, 9),
  compare: (draw) => pair(draw, draw.floats, draw.bytes, 6),
  power: (draw) => pair(draw, draw.floats, draw.floats, 1),
  functionOfTwo: (draw) => pair(draw, draw.floats, draw.floats, 5),
  integerBinary: (draw) => pair(draw, draw.integers, draw.integers, 8),
  integerCompare: (draw) => pair(draw, draw.integers, draw.bytes, 8),
  truthCompare: (draw) => pair(draw, draw.bytes, draw.bytes, 8),
  unary: (draw, n = draw.whole(0, 99)) => [draw.whole(0, 14), draw.floats(n), draw.floats(n), 0.25, 1.5],
  functionOf: (draw, n = draw.whole(0, 99)) => [draw.whole(0, 20), draw.floats(n), draw.floats(n), 0.25],
  kindOf: (draw, n = draw.whole(0, 99)) => [draw.whole(0, 2), draw.floats(n), draw.bytes(n)],
  integerUnary: (draw, n = draw.whole(0, 99)) => [draw.whole(0, 3), draw.integers(n), draw.integers(n)],
  truthNot: (draw, n = draw.whole(0, 99)) => [draw.bytes(n), draw.bytes(n)],
  integersFrom: (draw, n = draw.whole(0, 99)) => [draw.bytes(n), draw.integers(n)],
  truthFrom: (draw, n = draw.whole(0, 99)) => [draw.integers(n), draw.bytes(n)],
  floatsFrom: (draw, n = draw.whole(0, 99)) => [draw.pick([draw.integers, draw.bytes])(n), draw.floats(n)],
  floatsTo: (draw, n = draw.whole(0, 99)) => [draw.floats(n), draw.pick([draw.integers, draw.bytes])(n)],
  fill: (draw) => [draw.floats(draw.whole(0, 99)), 3],
  select: (draw, n = draw.whole(0, 99)) => [draw.bytes(n), draw.floats(n), draw.floats(n), draw.floats(n)],
  sumOf: (draw, n = draw.whole(0, 99)) => [
    draw.floats(n),
    ...draw.list(draw.whole(1, 16), 0, 0).map(() => draw.floats(n)),
  ],
  descend: (draw, n = draw.whole(0, 99)) => {
    const [w, g, v, newW, newV] = draw.list(5, 0, 0).map(() => draw.floats(n));
    return [w, g, draw.chance(0.3) ? null : v, newW, newV, 0.1, 0.9, 0.01, draw.whole(0, 1)];
  },
  reduceSum: (draw) => reduction(draw, draw.floats, draw.floats, 0.5),
  reduceExtreme: (draw) => reduction(draw, draw.floats, draw.floats, draw.whole(0, 1)),
  reduceProduct: (draw) => reduction(draw, draw.floats, draw.floats),
  argExtreme: (draw) => reduction(draw, draw.floats, draw.integers, draw.whole(0, 1)),
  reduceIntegerSum: (draw) => reduction(draw, draw.integers, draw.integers),
  reduceIntegerExtreme: (draw) => reduction(draw, draw.integers, draw.integers, draw.whole(0, 1)),
  reduceTruth: (draw) => reduction(draw, draw.bytes, draw.bytes, draw.whole(0, 1)),
  cumulate: (draw) => scan(draw, draw.floats),
  cumulateIntegers: (draw) => scan(draw, draw.integers),
  topk: (draw) => topk(draw, draw.floats),
  topkIntegers: (draw) => topk(draw, draw.integers),
  copy,
  gatherRows,
  gatherMany: (draw) => indexed(draw, (x, at, y, sizes, width) => [x, at, y, sizes, width]),
  scatterRows: (draw) => indexed(draw, (y, at, updates, sizes, width) => [at, updates, y, sizes, width]),
  writeRows: (draw) => indexed(draw, (y, at, updates, sizes, width) => [at, updates, y, sizes, width]),
  segmentSum: (draw, [n, count, width] = [draw.whole(0, 9), draw.whole(0, 5), draw.whole(0, 9)]) => [
    ...[draw.integers(n, -1, 5), draw.floats(n * width), draw.floats(count * width), count, width],
  ],
  oneHot: (draw, [n, depth] = [draw.whole(0, 9), draw.whole(0, 9)]) => [
    draw.integers(n),
    draw.floats(n * depth),
    depth,
    1,
    0,
  ],
  ramp: (draw) => [draw.floats(draw.whole(0, 99)), 1, 0.5],
  rampIntegers: (draw) => [draw.integers(draw.whole(0, 99)), -3, 2],
  maxPool: (draw, p = pooling(draw)) => [draw.floats(p.x), draw.floats(p.y), p.sizes],
  averagePool: (draw, p = pooling(draw)) => [draw.floats(p.x), draw.floats(p.y), p.sizes],
  averagePoolGradient: (draw, p = pooling(draw)) => [draw.floats(p.y), draw.floats(p.x), p.sizes],
  maxPoolGradient: (draw, p = pooling(draw)) => [draw.floats(p.y), draw.floats(p.x), draw.floats(p.x), p.sizes],
  resize: (draw, r = resizing(draw)) => [draw.floats(r.x), draw.floats(r.y), r.sizes],
  resizeGradient: (draw, r = resizing(draw)) => [draw.floats(r.y), draw.floats(r.x), r.sizes],
  cropAndResize: cropping,
  softmax: (draw, [n, length] = [draw.whole(0, 9), draw.whole(0, 99)]) => [
    draw.floats(n * length),
    draw.floats(n * length),
    n,
    length,
  ],
  normalize: (draw, n = norm(draw)) => [
    ...[
      n.map(),
      n.vector(),
      n.vector(),
      n.map(),
      n.statistics(),
      n.statistics(),
      1e-5,
      n.sets,
      n.pixels,
      n.channels,
      n.groups,
    ],
    ...[draw.chance(0.5) ? n.map() : null, draw.whole(0, 1)],
  ],
  normalizeGradient: (draw, n = norm(draw)) => [
    ...[n.map(), n.map(), n.vector(), n.statistics(), n.statistics(), n.map(), n.vector(), n.vector(), 1e-5],
    ...[n.sets, n.pixels, n.channels, n.groups, draw.chance(0.5) ? n.map() : null, n.map()],
    draw.chance(0.5) ? n.vector() : null,
  ],
  normalizeWith: (draw, n = givenNorm(draw)) => [
    ...[n.map(), n.vector(), n.vector(), n.vector(), n.vector(), n.map(), 1e-5, n.pixels, n.channels],
    ...[draw.chance(0.5) ? n.map() : null, draw.whole(0, 1)],
  ],
  normalizeGradientWith: (draw, n = givenNorm(draw)) => [
    ...[
      n.map(),
      n.map(),
      n.vector(),
      n.vector(),
      n.vector(),
      n.map(),
      n.vector(),
      n.vector(),
      1e-5,
      n.pixels,
      n.channels,
    ],
    ...[draw.chance(0.5) ? n.map() : null, n.map(), draw.chance(0.5) ? n.vector() : null],
  ],
  layerNorm: (draw, r = rows(draw)) => [
    r.map(),
    r.vector(),
    r.vector(),
    r.map(),
    r.each(),
    r.each(),
    1e-5,
    r.count,
    r.channels,
  ],
  layerNormGradient: (draw, r = rows(draw)) => [
    ...[r.map(), r.map(), r.vector(), r.each(), r.each(), r.map(), r.vector(), r.vector(), r.count, r.channels],
  ],
  roiAlign: (draw) => roi(draw, false),
  roiAlignGradient: (draw) => roi(draw, true),
  threadCount: () => [],
  isa: () => [],
  libraryVersion: () => [],
  heldBytes: () => [],
  setThreads: (draw) => [draw.whole(1, 3)],
  allocate: (draw) => [draw.whole(1, 5000)],
  release: (draw) => [new ArrayBuffer(draw.whole(1, 99))],
};

function scan(draw, make) {
  const [outer, length, inner] = [draw.whole(0, 4), draw.whole(0, 9), draw.whole(0, 9)];
  return [make(outer * length * inner), make(outer * length * inner), outer, length, inner, ...draw.list(3, 0, 1)];
}

function topk(draw, make) {
  const [count, length] = [draw.whole(0, 4), draw.pick([draw.whole(0, 50), 40_000])];
  const k = draw.whole(0, Math.min(length, 30));
  return [make(count * length), make(count * k), draw.integers(count * k), count, length, k];
}
