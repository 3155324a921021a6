import type { Batch, Detections, NdArray } from "@lad/core";
import { type AnyDetector, createTape, type DetectOptions } from "@lad/tensor";
import * as tf from "@tensorflow/tfjs-core";

/** Runs a detector over one batch, thresholds and NMS included; boxes are in px of the files. Nothing stays on the device. */
export async function detectBatch(
  detector: AnyDetector,
  { images, sizes }: Batch<NdArray>,
  test: DetectOptions = {},
): Promise<Detections[]> {
  const tape = createTape();
  try {
    const out = tape.noGrad(() => {
      const tensor = tf.tensor4d(images.data, images.shape as [number, number, number, number]);
      return detector.predict(detector.features(tensor, "eval"));
    });
    return await detector.detect(out, sizes, test);
  } finally {
    tape.end();
  }
}
