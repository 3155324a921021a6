import type { VocEvaluation } from "@lad/voc-eval";
import { percent } from "../run/coco-metrics";
import { table } from "../terminal/table";

/** The numbers of VOC's evaluation (0…1; -1 = nothing to measure). Stable: what `--json` writes. */
export type VocMetrics = {
  /** Mean over IoU thresholds 0.5, 0.55 … 0.95. */
  readonly AP: number;
  readonly AP50: number;
  readonly AP75: number;
  readonly interpolation: "area" | "11points";
  readonly thresholds: readonly { readonly iou: number; readonly mAP: number }[];
  /** Recall and AP50 at IoU 0.5, AP as above. */
  readonly classes: readonly {
    readonly name: string;
    readonly gts: number;
    readonly dets: number;
    readonly recall: number;
    readonly AP50: number;
    readonly AP: number;
  }[];
  readonly images: number;
  readonly detections: number;
};

/** @param evaluation at the default thresholds */
export function vocMetrics(
  { iouThresholds, meanAp, ap, interpolation, perClass }: VocEvaluation,
  images: number,
): VocMetrics {
  const empty = perClass.every(({ gts }) => gts === 0);
  const at = (iou: number) => (empty ? -1 : meanAp[iouThresholds.findIndex((value) => Math.abs(value - iou) < 1e-9)]!);
  return {
    AP: empty ? -1 : ap,
    AP50: at(0.5),
    AP75: at(0.75),
    interpolation,
    thresholds: Array.from(iouThresholds, (iou, index) => ({
      iou: Number(iou.toFixed(2)),
      mAP: empty ? -1 : meanAp[index]!,
    })),
    classes: perClass.map(({ name, gts, dets, recall, ap: each }) => ({
      name,
      gts,
      dets,
      recall: gts > 0 ? recall[0]! : -1,
      AP50: gts > 0 ? each[0]! : -1,
      AP: gts > 0 ? each.reduce((sum, value) => sum + value, 0) / each.length : -1,
    })),
    images,
    detections: perClass.reduce((sum, { dets }) => sum + dets, 0),
  };
}

export function vocTable({ AP, AP50, AP75, classes, interpolation }: VocMetrics): string {
  const how = interpolation === "area" ? "area" : "11 points";
  const overall = table([`VOC, ${how}`, "AP", "AP50", "AP75"], [["all", percent(AP), percent(AP50), percent(AP75)]]);
  const rows = classes.map(({ name, gts, dets, recall, AP50: ap50, AP: ap }) => [
    name,
    String(gts),
    String(dets),
    percent(recall),
    percent(ap50),
    percent(ap),
  ]);
  return `${overall}\n\n${table(["class", "gts", "dets", "recall", "AP50", "AP"], rows)}`;
}
