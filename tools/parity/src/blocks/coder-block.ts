import { decodeDeltas, encodeDeltas } from "@lad/boxes";
import { type NdArray, ndArray } from "@lad/core";
import { decodeBoxes } from "@lad/nn";
import { createTape } from "@lad/tensor";
import * as tf from "@tensorflow/tfjs-core";
import type { GoldenCase } from "../golden-case";
import { toHost } from "../layout";
import type { Report } from "../report";
import { forwardTolerance, gradientTolerance } from "../tolerance";
import { ramp } from "./probe-loss";

/** Delta coder on the host and on the device, clipped and not, and the gradient of Σ decode · linspace(-1, 1). */
export async function coderBlock(golden: GoldenCase, report: Report): Promise<void> {
  const [anchors, boxes, deltas] = ["in.anchors", "in.gt", "in.deltas"].map((name) => golden.take(name) as NdArray) as [
    NdArray,
    NdArray,
    NdArray,
  ];
  const coder = { means: golden.config.target_means, stds: golden.config.target_stds };
  const ratioClip = golden.config.wh_ratio_clip ?? 0.016;
  const clip = { height: 100, width: 110 };
  report.compare("host", "out.encode", encodeDeltas(anchors, boxes, coder), forwardTolerance);
  report.compare("host", "out.decode", decodeDeltas(anchors, deltas, { ...coder, ratioClip }), forwardTolerance);
  report.compare(
    "host",
    "out.decode_clip",
    decodeDeltas(anchors, deltas, { ...coder, ratioClip, clip }),
    forwardTolerance,
  );
  const half = (array: NdArray, image: number) => ndArray(array.data.slice(image * 80, image * 80 + 80), [20, 4]);
  const images = [clip, { height: 60, width: 90 }].map((size, image) =>
    decodeDeltas(half(anchors, image), half(deltas, image), { ...coder, ratioClip, clip: size }),
  );
  const both = Float32Array.from(images.flatMap(({ data }) => [...data]));
  report.compare("host", "out.decode_batch_clip", ndArray(both, [2, 20, 4]), forwardTolerance);
  await compareDevice(report, anchors, deltas, { ...coder, ratioClip });
}

async function compareDevice(
  report: Report,
  anchors: NdArray,
  deltas: NdArray,
  coder: Parameters<typeof decodeBoxes>[2],
): Promise<void> {
  const given = tf.tensor2d(anchors.data, anchors.shape as [number, number]);
  const variable = tf.tidy(() => tf.variable(tf.tensor2d(deltas.data, deltas.shape as [number, number])));
  const tape = createTape();
  try {
    const decoded = tape.run(() => decodeBoxes(given, variable, coder));
    report.compare("device", "out.decode", await toHost(decoded), forwardTolerance);
    const clipped = tape.noGrad(() => decodeBoxes(given, variable, { ...coder, clip: { height: 100, width: 110 } }));
    report.compare("device", "out.decode_clip", await toHost(clipped), forwardTolerance);
    const loss = tape.run(() => tf.sum(tf.mul(decoded, tf.tensor(ramp(decoded.size), decoded.shape))));
    const gradients = tape.gradients({ loss }, [variable]);
    report.compare("gradients", "grad.deltas", await toHost(gradients.get(variable)!), gradientTolerance);
  } finally {
    tape.end();
    tf.dispose([given, variable]);
  }
}
