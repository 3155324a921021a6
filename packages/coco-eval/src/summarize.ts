import type { CocoEvaluation, CocoStat } from "./coco-types";
import { formatFixed } from "./format-fixed";

/** The twelve (of keypoints ten) lines that pycocotools' `summarize` prints, character for character, joined by line feeds. */
export function summarize({ namedStats, parameters }: CocoEvaluation): string {
  const { iouThresholds } = parameters;
  const span = `${formatFixed(iouThresholds[0]!, 2)}:${formatFixed(iouThresholds[iouThresholds.length - 1]!, 2)}`;
  return namedStats.map((stat) => line(stat, span)).join("\n");
}

function line({ kind, iouThreshold, area, maxDetections, value }: CocoStat, span: string): string {
  const title = (kind === "AP" ? "Average Precision" : "Average Recall").padEnd(18);
  const iou = (iouThreshold === undefined ? span : formatFixed(iouThreshold, 2)).padEnd(9);
  const taken = `IoU=${iou} | area=${area.padStart(6)} | maxDets=${`${maxDetections}`.padStart(3)}`;
  return ` ${title} (${kind}) @[ ${taken} ] = ${formatFixed(value, 3)}`;
}
