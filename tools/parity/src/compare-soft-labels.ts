import { ndArray } from "@lad/core";
import type { DenseOut, Paa } from "@lad/detectors";
import type { KeptRegions } from "@lad/distill";
import type { Batch } from "@lad/tensor";
import * as tf from "@tensorflow/tfjs-core";
import type { GoldenCase } from "./golden-case";
import { scalar } from "./layout";
import type { Report } from "./report";
import { forwardTolerance, withUncertainty } from "./tolerance";

type SoftLabelsReplay = {
  readonly golden: GoldenCase;
  readonly report: Report;
  readonly student: Paa;
  readonly teacher: Paa;
  readonly batch: Batch;
  readonly out: DenseOut;
  readonly taught: DenseOut;
  readonly kept: KeptRegions;
};

/** Compares the kept regions, `assign.kd_*`: weights, both networks' clipped boxes and IoU logits. */
export async function compareSoftLabels({
  golden,
  report,
  student,
  teacher,
  batch,
  out,
  taught,
  kept,
}: SoftLabelsReplay): Promise<void> {
  const tolerance = withUncertainty(forwardTolerance, golden.config.fp64_check?.out_rel);
  const compare = (name: string, values: Float32Array, shape: number[]) =>
    report.compare("soft labels", `assign.kd_${name}`, ndArray(values, shape), tolerance);
  const count = kept.rows.length;
  const rows = (levels: readonly tf.Tensor3D[], channels: number) => {
    const values = tf.tidy(() => tf.concat([...levels], 1).dataSync());
    return Float32Array.from(
      { length: count * channels },
      (_, i) => values[kept.rows[Math.floor(i / channels)]! * channels + (i % channels)]!,
    );
  };
  for (const [who, detector, predicted] of [
    ["student", student, out],
    ["teacher", teacher, taught],
  ] as const) {
    const { boxes, quality } = tf.tidy(() => ({
      boxes: rows(detector.boxes(predicted, batch.sizes), 4),
      quality: rows(detector.quality!(predicted), 1),
    }));
    compare(`${who}_boxes`, boxes, [count, 4]);
    compare(`${who}_iou_logits`, quality, [count]);
  }
  compare("weights", kept.weights, [count]);
  report.compare("soft labels", "assign.kd_avg_factor", scalar(kept.total), tolerance);
}
