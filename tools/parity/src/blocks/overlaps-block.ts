import { alignedIou, type IouMode, pairwiseIou } from "@lad/boxes";
import { type NdArray, ndArray } from "@lad/core";
import { clusterOverlaps } from "@lad/nms";
import type { GoldenCase } from "../golden-case";
import type { Report } from "../report";
import { forwardTolerance } from "../tolerance";

/** Overlap measures, pairwise and aligned; `diou` of the reference's fork is its own measure (the textbook's stands beside it). */
export function overlapsBlock(golden: GoldenCase, report: Report): void {
  const { eps } = golden.config;
  const [a, b] = [golden.take("in.a") as NdArray, golden.take("in.b") as NdArray];
  const modes: readonly (readonly [string, IouMode])[] = [
    ["iou", "iou"],
    ["iof", "iof"],
    ["giou", "giou"],
    ["diou", "diouOverFirst"],
  ];
  const rows = golden.take("aligned.iou").shape[0]!;
  const first = (array: NdArray) => ndArray(array.data.slice(0, rows * 4), [rows, 4]);
  for (const [name, mode] of modes) {
    report.compare("pairwise", `mmdet.${name}`, pairwiseIou(a, b, { mode, eps }), forwardTolerance);
    report.compare("aligned", `aligned.${name}`, alignedIou(first(a), first(b), { mode, eps }), forwardTolerance);
  }
  const valid = golden.take("in.a_valid") as NdArray;
  for (const name of golden.names("nms.diou_beta")) {
    report.compare(
      "cluster",
      name,
      clusterOverlaps(valid, b, { beta: Number(name.split("beta")[1]) }),
      forwardTolerance,
    );
  }
  report.compare("cluster", "nms.jaccard", clusterOverlaps(a, b), forwardTolerance);
  report.compare("pairwise", "textbook.diou", pairwiseIou(a, b, { mode: "diou", eps }), forwardTolerance);
}
