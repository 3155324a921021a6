import { fpn, resnet } from "@lad/backbones";
import { ndArray, random } from "@lad/core";
import { gfl, paa } from "@lad/detectors";
import { gflHead, paaHead } from "@lad/heads";
import { joinParams, param } from "@lad/tensor";
import * as tf from "@tensorflow/tfjs-core";

/** Gives the norms weights that let every branch take part: they start at 0 at the end of every residual block. */
function livenNorms(params, stream) {
  for (const [name, { variable }] of params)
    if (/(bn\d|downsample\.1)\.weight$/.test(name))
      tf.tidy(() =>
        variable.assign(tf.tensor1d(Float32Array.from({ length: variable.size }, () => 0.2 + 0.3 * stream.uniform()))),
      );
}

/** A ResNet with global pooling and a linear layer: `{ params, loss(images, labels) }`. */
function classifier({ depth, batchStatistics, classes }) {
  const stream = random(0);
  const backbone = resnet({ depth, random: stream });
  livenNorms(backbone.params, stream);
  const inputs = backbone.channels.at(-1);
  const weights = Float32Array.from({ length: inputs * classes }, () => 0.01 * stream.normal());
  const weight = param(ndArray(weights, [inputs, classes]), { layout: "linear" });
  const bias = param(ndArray(new Float32Array(classes), [classes]));
  const params = joinParams({ backbone: backbone.params, fc: new Map(Object.entries({ weight, bias })) });
  const mode = batchStatistics ? "train" : "eval";
  return {
    params,
    loss(images, labels) {
      const pooled = tf.mean(backbone.forward(images, mode).at(-1), [1, 2]);
      const logits = tf.add(tf.matMul(pooled, weight.variable), bias.variable);
      const wanted = tf.cast(tf.oneHot(tf.tensor1d(labels, "int32"), classes), "float32");
      return tf.neg(tf.mean(tf.sum(tf.mul(tf.logSoftmax(logits), wanted), 1)));
    },
  };
}

const detector =
  (assemble, head) =>
  ({ depth, classes }) => {
    const stream = random(0);
    const backbone = resnet({ depth, statistics: "stored", random: stream });
    livenNorms(backbone.params, stream);
    return assemble({
      backbone,
      neck: fpn({ in: backbone.channels, random: stream }),
      head: head({ classes, random: stream }),
    });
  };

/** The networks of the benches by kind; weights are seeded. */
export const networks = { classifier, paa: detector(paa, paaHead), gfl: detector(gfl, gflHead) };
