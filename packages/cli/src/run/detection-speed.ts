import { median } from "./median";

/** What a speed test found. Stable: `--json` writes it. */
export type DetectionSpeed = {
  /** Timed ones. */
  readonly images: number;
  /** Timed images over their time together. */
  readonly imagesPerSecond: number;
  /** Mean. */
  readonly msPerImage: number;
  readonly medianMs: number;
};

/** @param times ms of every timed image, at least one */
export function detectionSpeed(times: Float64Array): DetectionSpeed {
  const msPerImage = times.reduce((sum, time) => sum + time, 0) / times.length;
  return { images: times.length, imagesPerSecond: 1000 / msPerImage, msPerImage, medianMs: median(times) };
}
