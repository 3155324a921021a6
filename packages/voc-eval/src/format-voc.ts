import type { VocEvaluation } from "./voc-types";

/** Per cent with a decimal. */
const percent = (value: number) => (100 * value).toFixed(1);

/**
 * A table of objects, detections, highest recall and AP (in per cent) of every class at one IoU threshold, and their mean.
 * @param threshold number of the threshold, from 0.
 */
export function formatVoc({ perClass, iouThresholds, meanAp }: VocEvaluation, threshold = 0): string {
  const head = ["class", "gts", "dets", "recall", "ap"];
  const rows = perClass.map(({ name, gts, dets, recall, ap }) => [
    name,
    String(gts),
    String(dets),
    percent(recall[threshold]!),
    percent(ap[threshold]!),
  ]);
  const mean = ["mAP", "", "", "", percent(meanAp[threshold]!)];
  const widths = head.map((title, column) =>
    Math.max(...[...rows, mean, head].map((row) => row[column]!.length), title.length),
  );
  const line = (row: readonly string[]) =>
    row.map((cell, column) => (column === 0 ? cell.padEnd(widths[0]!) : cell.padStart(widths[column]!))).join("  ");
  const rule = widths.map((width) => "-".repeat(width)).join("  ");
  return [`IoU ${iouThresholds[threshold]!.toFixed(2)}`, line(head), rule, ...rows.map(line), rule, line(mean)].join(
    "\n",
  );
}
