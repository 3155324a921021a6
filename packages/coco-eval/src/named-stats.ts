import type { NdArray } from "@lad/core";
import type { CocoParameters, CocoStat } from "./coco-types";
import { meanOfMeasured } from "./mean-of-measured";
import { positionsWhere, selectCells } from "./select-cells";

/**
 * The twelve numbers of pycocotools' `summarize`, of keypoints ten. As there, AP itself is taken at 100 detections whatever
 * the limits are (-1 if 100 is not among them), AP50 and AP75 at thresholds of exactly 0.5 and 0.75, the rest at the third
 * limit; of keypoints everything is taken at 20 detections.
 */
export function namedStats(
  precision: NdArray<Float64Array>,
  recall: NdArray<Float64Array>,
  parameters: CocoParameters,
): CocoStat[] {
  const { maxDetections, areaRanges, iouThresholds } = parameters;
  const stat = (kind: "AP" | "AR", name: string, area: string, limit: number, iouThreshold?: number): CocoStat => {
    const cells = selectCells(kind === "AP" ? precision : recall, {
      areas: positionsWhere(areaRanges, ({ label }) => label === area),
      limits: positionsWhere(maxDetections, (count) => count === limit),
      ...(iouThreshold !== undefined && {
        thresholds: positionsWhere(iouThresholds, (value) => value === iouThreshold),
      }),
    });
    const value = meanOfMeasured(cells);
    return { name, value, kind, area, maxDetections: limit, ...(iouThreshold !== undefined && { iouThreshold }) };
  };
  if (parameters.iouType === "keypoints") {
    return (["AP", "AR"] as const).flatMap((kind) => [
      stat(kind, kind, "all", 20),
      stat(kind, `${kind}50`, "all", 20, 0.5),
      stat(kind, `${kind}75`, "all", 20, 0.75),
      stat(kind, `${kind}m`, "medium", 20),
      stat(kind, `${kind}l`, "large", 20),
    ]);
  }
  const [low, middle, high] = maxDetections as readonly [number, number, number];
  return [
    stat("AP", "AP", "all", 100),
    stat("AP", "AP50", "all", high, 0.5),
    stat("AP", "AP75", "all", high, 0.75),
    stat("AP", "APs", "small", high),
    stat("AP", "APm", "medium", high),
    stat("AP", "APl", "large", high),
    stat("AR", `AR@${low}`, "all", low),
    stat("AR", `AR@${middle}`, "all", middle),
    stat("AR", `AR@${high}`, "all", high),
    stat("AR", "ARs", "small", high),
    stat("AR", "ARm", "medium", high),
    stat("AR", "ARl", "large", high),
  ];
}
