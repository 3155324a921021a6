const directions = ["forward", "input-gradient", "filter-gradient"];
const batch = 2;

/** `{ in, out, height, width, kernel, stride, dilation, groups }`, padding as keeps the size at stride 1. */
function shapeOf(inputs, outputs, [height, width], { kernel = 3, stride = 1, dilation = 1, groups = 1 } = {}) {
  const padding = (dilation * (kernel - 1)) / 2;
  return { batch, in: inputs, out: outputs, height, width, kernel, stride, dilation, groups, padding };
}

const square = (channels, ...sizes) => sizes.map((size) => shapeOf(channels, channels, size));

/** Pyramid levels of a dense detector, 320×320 and 800×1088. */
const levels = [
  [40, 40],
  [20, 20],
  [10, 10],
  [5, 5],
  [3, 3],
  [100, 136],
  [50, 68],
  [25, 34],
  [13, 17],
  [7, 9],
];

const shapes = [
  ...square(64, [80, 80], [160, 160]),
  ...square(128, [40, 40]),
  ...square(512, [10, 10]),
  ...square(256, ...levels),
  ...[80, 4, 1].flatMap((outputs) => [levels[0], levels[5]].map((size) => shapeOf(256, outputs, size))),
  shapeOf(3, 64, [320, 320], { kernel: 7, stride: 2 }),
  shapeOf(3, 64, [800, 1088], { kernel: 7, stride: 2 }),
  shapeOf(64, 256, [80, 80], { kernel: 1 }),
  shapeOf(256, 64, [80, 80], { kernel: 1 }),
  shapeOf(512, 128, [40, 40], { kernel: 1 }),
  shapeOf(256, 1024, [20, 20], { kernel: 1 }),
  shapeOf(2048, 512, [10, 10], { kernel: 1 }),
  shapeOf(512, 256, [100, 136], { kernel: 1 }),
  shapeOf(256, 512, [80, 80], { kernel: 1, stride: 2 }),
  shapeOf(128, 128, [80, 80], { stride: 2 }),
  shapeOf(256, 256, [40, 40], { stride: 2 }),
  shapeOf(512, 512, [20, 20], { stride: 2 }),
  shapeOf(128, 128, [80, 80], { groups: 32 }),
  shapeOf(256, 256, [40, 40], { groups: 32 }),
  shapeOf(512, 512, [20, 20], { groups: 32 }),
  shapeOf(256, 256, [40, 40], { dilation: 2 }),
  shapeOf(512, 512, [20, 20], { dilation: 2 }),
];

function nameOf({ in: inputs, out: outputs, height, width, kernel, stride, dilation, groups }) {
  const extras = [
    stride > 1 && `/${stride}`,
    dilation > 1 && ` dilation ${dilation}`,
    groups > 1 && ` groups ${groups}`,
  ];
  const channels = inputs === outputs ? inputs : `${inputs}-${outputs}`;
  return `${kernel}x${kernel}${extras.filter(Boolean).join("")} ${channels}@${height}x${width}`;
}

/** Whether a convolution is of the kind that dense detectors mostly consist of: 3×3, stride 1, ≥ 64 channels, ≥ 20×20 px. */
export function isDense({ in: inputs, out: outputs, height, width, kernel, stride, dilation, groups }) {
  const plain = kernel === 3 && stride === 1 && dilation === 1 && groups === 1;
  return plain && Math.min(inputs, outputs) >= 64 && Math.min(height, width) >= 20;
}

/** Every shape in every direction, `{ name, argument: { direction, shape } }`. Images need no gradient, so a stem has no third direction. */
export const convCases = shapes.flatMap((shape) =>
  directions
    .filter((direction) => shape.in > 3 || direction !== "input-gradient")
    .map((direction) => ({ name: `${nameOf(shape)} ${direction}`, argument: { direction, shape } })),
);
