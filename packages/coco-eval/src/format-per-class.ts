import type { CocoEvaluation } from "./coco-types";
import { formatFixed } from "./format-fixed";

/** A table of AP, AP at the first IoU threshold and AR by category; `-` where there is no ground truth. */
export function formatPerClass({ perClass, parameters }: CocoEvaluation): string {
  const first = formatFixed(parameters.iouThresholds[0]!, 2).replace("0.", "");
  const header = ["category", "AP", `AP${first}`, "AR"];
  const rows = perClass.map(({ name, ap, ap50, ar }) => [name, ...[ap, ap50, ar].map(cell)]);
  const width = Math.max(...[header, ...rows].map(([name]) => name!.length));
  return [header, ...rows]
    .map(([name, ...cells]) => [name!.padEnd(width), ...cells.map((text) => text.padStart(7))].join(" "))
    .join("\n");
}

function cell(value: number): string {
  return value < 0 ? "-" : formatFixed(value, 3);
}
