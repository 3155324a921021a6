// Text of a program that takes one LAD step with the published packages, as an ES module or as CommonJS. It prints
// the losses, so that the two can be compared.

const imports = [
  [["resnet", "fpn"], "@lad/backbones"],
  [["paa"], "@lad/detectors"],
  [["distill", "labelAssignment"], "@lad/distill"],
  [["paaHead"], "@lad/heads"],
  [["createTape"], "@lad/tensor"],
  [["paramGroup", "sgd"], "@lad/train"],
];

const body = `
async function main() {
  await tf.setBackend("cpu");
  const network = (name) => {
    const backbone = resnet({ depth: 18, baseChannels: 8 });
    const neck = fpn({ in: backbone.channels, out: 16 });
    return paa({ name, backbone, neck, head: paaHead({ classes: 3, in: 16, channels: 16, groups: 4, stackedConvs: 1 }) });
  };
  const [student, teacher] = [network("student"), network("teacher")];
  // the same numbers in every run: what the initialisers drew is overwritten
  for (const { params } of [student, teacher]) {
    [...params.values()].forEach(({ variable }, index) => {
      const values = Float32Array.from({ length: variable.size }, (_, i) => 0.5 + 0.4 * Math.sin(index + i));
      const scale = variable.rank > 1 ? 1 / Math.sqrt(variable.size / variable.shape.at(-1)) : 1;
      variable.assign(tf.mul(tf.tensor(values, variable.shape), scale));
    });
  }
  const size = { height: 64, width: 64 };
  const batch = {
    ids: ["one"],
    images: tf.tensor4d(Float32Array.from({ length: 64 * 64 * 3 }, (_, i) => Math.sin(i)), [1, 64, 64, 3]),
    sizes: [{ image: size, padded: size, original: size, scale: [1, 1], flipped: false }],
    boxes: [{ data: Float32Array.of(4, 4, 40, 44, 20, 16, 60, 60), shape: [2, 4] }],
    labels: [Int32Array.of(0, 2)],
    ignoreBoxes: [{ data: new Float32Array(0), shape: [0, 4] }],
  };
  const optimizer = sgd({ params: student.params, learningRate: () => 0.01, momentum: 0.9 });
  const group = paramGroup({ params: student.params, optimizer });
  const method = distill(student, [labelAssignment(teacher)], [group]);
  const at = { iteration: 0, epoch: 0, iterations: 1, epochs: 1 };
  const tape = createTape();
  try {
    const { losses } = await method.step(tape, batch, at);
    const values = Object.entries(losses).map(([name, loss]) => [name, loss.dataSync()[0]]);
    const gradients = tape.gradients(losses, group.trainable(at));
    optimizer.step(gradients, at);
    if (gradients.size === 0 || values.some(([, value]) => !Number.isFinite(value))) throw new Error("no finite step");
    console.log(JSON.stringify(Object.fromEntries(values)));
  } finally {
    tape.end();
  }
}
main().catch((error) => { console.error(error); process.exitCode = 1; });
`;

/** @param packages every published package: all are imported, also those the step does not need. */
export function ladStep(kind, packages) {
  const others = packages.filter((name) => !imports.some(([, used]) => used === name));
  const lines =
    kind === "esm"
      ? [
          'import * as tf from "@tensorflow/tfjs-core";',
          'import "@tensorflow/tfjs-backend-cpu";',
          ...others.map((name) => `import ${JSON.stringify(name)};`),
          ...imports.map(([names, from]) => `import { ${names.join(", ")} } from ${JSON.stringify(from)};`),
        ]
      : [
          'const tf = require("@tensorflow/tfjs-core");',
          'require("@tensorflow/tfjs-backend-cpu");',
          ...others.map((name) => `require(${JSON.stringify(name)});`),
          ...imports.map(([names, from]) => `const { ${names.join(", ")} } = require(${JSON.stringify(from)});`),
        ];
  return `${lines.join("\n")}\n${body}`;
}
