import { LadError, type NdArray, ndArray } from "@lad/core";
import { compareDetections } from "./compare-detections";
import { gflCandidates } from "./gfl-candidates";
import type { GoldenCase } from "./golden-case";
import type { Report } from "./report";
import { type Suppressed, suppressLikeMm } from "./suppress-like-mm";
import { exact, type Tolerance } from "./tolerance";

/** Voted boxes: 2e-4 of the largest coordinate. */
const votedTolerance: Tolerance = { relative: 0, ofLargest: 2e-4, floor: 1 };
const decayedTolerance: Tolerance = { relative: 0, ofLargest: 1e-5, floor: 1 };

/** Family `voting_nms`: every variant on given boxes, or on the maps of a GFL head with the best `nms_pre` of each level. */
export async function runVotingNms(golden: GoldenCase, report: Report): Promise<void> {
  if (golden.has("in.boxes")) runVariants(golden, report);
  else
    for (const kind of new Set(golden.names("out.").map((name) => name.split(".")[1]!))) runHead(golden, report, kind);
}

/** @param kind `nms` or `voting`, with `_rescale` on boxes divided by the image's scale. */
function runHead(golden: GoldenCase, report: Report, kind: string): void {
  const { test_cfg, scale_factors, img_shapes, nan_rows_dropped: dropped = {} } = golden.config;
  const type = { nms: "nms", voting: "voting_cluster_diounms" }[kind.replace("_rescale", "")];
  if (!type) throw new LadError("UNSUPPORTED", `voting_nms: output ${kind} is not supported (nms and voting are)`);
  const found = (img_shapes as unknown[]).map((_, image) => {
    const scale = kind.endsWith("_rescale") ? scale_factors[image] : undefined;
    const { boxes, scores } = gflCandidates(golden, image, scale);
    const limit = test_cfg.max_per_img - (dropped[`${kind}.${image}`] ?? 0);
    return suppressLikeMm(boxes, scores, { ...test_cfg.nms, type }, { scoreThreshold: test_cfg.score_thr, limit });
  });
  compareDetections(golden, report, `out.${kind}`, found, { boxes: 1e-3, scores: 1e-5 });
}

function runVariants(golden: GoldenCase, report: Report): void {
  const { variants, score_thr, max_num, num_classes } = golden.config;
  const boxes = golden.take("in.boxes") as NdArray;
  const scores = withoutBackground(golden.take("in.scores") as NdArray, num_classes);
  for (const [variant, options] of Object.entries<Record<string, unknown>>(variants)) {
    const name = (what: string) => `out.${variant}.${what}`;
    const unknown = unknownRows(golden, name);
    const voting = options.type === "voting_cluster_diounms";
    // boxes without area, which ours drops, are among the reference's best `max_num`
    const limit = (max_num > 0 ? max_num : Number.POSITIVE_INFINITY) - (voting ? unknown.size : 0);
    const found = suppressLikeMm(boxes, scores, options, { scoreThreshold: score_thr, limit });
    compare({ golden, report, classes: num_classes, group: variant, name }, found, unknown);
  }
}

type Comparison = {
  readonly golden: GoldenCase;
  readonly report: Report;
  readonly classes: number;
  readonly group: string;
  readonly name: (what: string) => string;
};

/** @param unknown rows of the expected output that are NaN: ours of the same (box, class) are left out too. */
function compare(
  { golden, report, classes, group, name }: Comparison,
  found: Suppressed,
  unknown = new Set<number>(),
): void {
  const flat = Int32Array.from(found.sources, (source, row) => source * classes + found.labels[row]!);
  const inds = golden.has(name("flat_inds")) ? golden.take(name("flat_inds")).data : undefined;
  const left = new Set([...unknown].map((row) => inds?.[row]));
  const ours = [...flat.keys()].filter((row) => !left.has(flat[row]!));
  const vector = (values: ArrayLike<number>) =>
    ndArray(
      Float32Array.from(ours, (row) => values[row]!),
      [ours.length],
    );
  const against = (what: string, actual: NdArray, tolerance: Tolerance) => {
    report.compareValues(group, name(what), actual, knownRows(golden.take(name(what)) as NdArray, unknown), tolerance);
  };
  const boxes = ours.flatMap((row) => [...found.boxes.data.subarray(row * 4, row * 4 + 4)]);
  against("labels", vector(found.labels), exact);
  against("scores", vector(found.scores), found.decayed ? decayedTolerance : exact);
  against("boxes", ndArray(Float32Array.from(boxes), [ours.length, 4]), found.voted ? votedTolerance : exact);
  if (inds) against("flat_inds", vector(flat), exact);
  if (golden.has(name("box_inds"))) against("box_inds", vector(found.sources), exact);
}

function unknownRows(golden: GoldenCase, name: (what: string) => string): Set<number> {
  if (!golden.config.allow_nan) return new Set();
  const [scores, boxes] = [golden.take(name("scores")).data, golden.take(name("boxes")).data];
  const rows = [...scores.keys()];
  return new Set(
    rows.filter((row) => Number.isNaN(scores[row]) || boxes.subarray(row * 4, row * 4 + 4).some(Number.isNaN)),
  );
}

function knownRows({ data, shape }: NdArray, unknown: ReadonlySet<number>): NdArray {
  const width = data.length / shape[0]! || 1;
  const known = data.filter((_, at) => !unknown.has(Math.floor(at / width)));
  return { data: known, shape: [shape[0]! - unknown.size, ...shape.slice(1)] };
}

function withoutBackground({ data, shape }: NdArray, classes: number): NdArray {
  const columns = shape[1]!;
  return ndArray(
    data.filter((_, at) => at % columns < classes),
    [shape[0]!, classes],
  );
}
