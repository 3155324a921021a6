import { useBackend } from "@lad/backends";
import { type Dataset, openDataset, type Pipeline } from "@lad/data";
import type { AnyDetector } from "@lad/tensor";
import * as tf from "@tensorflow/tfjs-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type TinyWorkplace, tinyWorkplace } from "../../test/tiny";
import { timeDetection } from "./time-detection";

let place: TinyWorkplace;
let dataset: Dataset;
beforeAll(async () => {
  await useBackend("cpu");
  place = await tinyWorkplace({ train: 5 });
  dataset = await openDataset(place.data, "train");
});
afterAll(() => place.remove());

const pipeline: Pipeline = {
  resize: { kind: "fixed", width: 32, height: 32 },
  interpolation: "cv2",
  ...{ mean: [0, 0, 0], std: [1, 1, 1], flip: 0.5, padMultiple: 32 },
};

/** A detector for which the clock goes on by the next of some times; it keeps what it was asked for. */
function clockwork(durations: readonly number[]) {
  const asked: unknown[] = [];
  let time = 0;
  const detector = {
    features: (images: tf.Tensor4D, mode: string) => ({ images, mode }),
    predict: ({ images, mode }: { images: tf.Tensor4D; mode: string }) => ({ shape: images.shape, mode }),
    async detect(out: object, _: unknown, options: unknown) {
      time += durations[asked.length]!;
      asked.push({ ...out, options });
      return [];
    },
  };
  return { detector: detector as unknown as AnyDetector, asked, now: () => time };
}

test("every image after the warm-up counts once, the last one too", async () => {
  const { detector, asked, now } = clockwork([500, 70, 10, 20, 40]);
  const seen: number[][] = [];
  const before = tf.memory().numTensors;
  const times = await timeDetection(detector, dataset, {
    ...{ pipeline, now, warmUp: 2, test: { perImage: 7 } },
    onImage: (...image) => void seen.push(image),
  });
  expect([...times]).toEqual([10, 20, 40]);
  expect(seen).toEqual([
    [1, 10],
    [2, 30],
    [3, 70],
  ]);
  expect(asked).toHaveLength(5);
  expect(asked[0]).toEqual({ shape: [1, 32, 32, 3], mode: "eval", options: { perImage: 7 } });
  expect(tf.memory().numTensors).toBe(before);
});

test("a warm-up that takes all images leaves none", async () => {
  const { detector, now } = clockwork([1, 1, 1, 1, 1]);
  expect(await timeDetection(detector, dataset, { pipeline, now, warmUp: 5 })).toHaveLength(0);
});

test("what a detector throws comes out, and nothing stays on the device", async () => {
  const { detector } = clockwork([]);
  const failing = { ...detector, detect: () => Promise.reject(new Error("no detections")) };
  const before = tf.memory().numTensors;
  await expect(timeDetection(failing, dataset, { pipeline, warmUp: 0 })).rejects.toThrow("no detections");
  expect(tf.memory().numTensors).toBe(before);
});
