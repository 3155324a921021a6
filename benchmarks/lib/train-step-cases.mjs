/** ResNet with a classifier on a 320×320 batch of 2; batch norm with the batch's statistics or with stored ones. */
const plain = [18, 50].flatMap((depth) =>
  [true, false].map((batchStatistics) => ({
    name: `resnet-${depth}/320${batchStatistics ? "" : "/eval-bn"}`,
    argument: {
      network: { kind: "classifier", depth, batchStatistics },
      input: { batch: 2, height: 320, width: 320, classes: 10 },
    },
  })),
);

const sizes = { 320: [320, 320], "800x1088": [800, 1088] };

/** Whole detectors: group-norm heads, stored batch norm statistics, all weights trained, 80 classes, 10 ground truths an image. */
const detectors = (kind) =>
  Object.entries(sizes).flatMap(([size, [height, width]]) =>
    [18, 50].flatMap((depth) =>
      [true, false].map((assigns) => ({
        name: `${kind}-r${depth}/${size}${assigns ? "" : "/no-assign"}`,
        argument: { network: { kind, depth, assigns }, input: { batch: 2, height, width, classes: 80, gts: 10 } },
      })),
    ),
  );

/** The detectors that `--detector` knows. */
const kinds = ["paa", "gfl"];

/** `{ name, argument: { network, input } }` of every case. @throws if there is no such detector. */
export function trainStepCases(detector) {
  if (!kinds.includes(detector)) throw new Error(`bench: --detector wants one of ${kinds.join(", ")}, got ${detector}`);
  return [...plain, ...detectors(detector)];
}
