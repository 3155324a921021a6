import { type Detections, type NdArray, ndArray, type TypedArray } from "@lad/core";
import { evaluateVoc, type VocEvaluation, type VocImage, type VocInterpolation } from "@lad/voc-eval";
import type { GoldenCase } from "./golden-case";
import type { Report } from "./report";
import { exact, type Tolerance } from "./tolerance";

/** AP is float32 in the reference. */
const apTolerance: Tolerance = { relative: 0, ofLargest: 1e-6, floor: 1 };

/** Family `voc_eval`: AP by both interpolations at ten IoU thresholds, curves at two of them, and by object size. */
export async function runVocEval(golden: GoldenCase, report: Report): Promise<void> {
  const { num_classes, num_images, scale_ranges } = golden.config;
  const classes = Array.from({ length: num_classes }, (_, label) => `class ${label}`);
  const { images, detections } = inputsOf(golden, num_images);
  const evaluate = (options: { interpolation?: VocInterpolation; sideRange?: [number, number] }) =>
    evaluateVoc(images, detections, { classes, ...options });
  for (const interpolation of ["area", "11points"] as const) {
    const { meanAp, ap, perClass } = evaluate({ interpolation });
    const table = Array.from(meanAp, (_, t) => perClass.map((each) => each.ap[t]!)).flat();
    report.compare("ap", `out.ap.${interpolation}`, doubles(table, meanAp.length, num_classes), apTolerance);
    report.compare("ap", `out.map.${interpolation}`, doubles(meanAp, meanAp.length), apTolerance);
    report.compare("ap", `out.mean.${interpolation}`, doubles([ap], 1), apTolerance);
  }
  const evaluation = evaluate({});
  report.compare("counts", "out.num_gts", integers(evaluation, "gts"), exact);
  report.compare("counts", "out.num_dets", integers(evaluation, "dets"), exact);
  report.compare("counts", "out.thresholds", doubles(evaluation.iouThresholds, evaluation.iouThresholds.length), exact);
  compareCurves(golden, report, evaluation);
  if (!scale_ranges) return;
  const scaled = (scale_ranges as [number, number][]).map((sideRange) => evaluate({ sideRange }));
  const byClass = (of: (result: VocEvaluation["perClass"][number]) => number) =>
    classes.flatMap((_, label) => scaled.map(({ perClass }) => of(perClass[label]!)));
  const shape = [num_classes, scaled.length] as const;
  report.compare(
    "scaled",
    "out.scaled.ap",
    doubles(
      byClass(({ ap }) => ap[0]!),
      ...shape,
    ),
    apTolerance,
  );
  report.compare(
    "scaled",
    "out.scaled.num_gts",
    doubles(
      byClass(({ gts }) => gts),
      ...shape,
    ),
    exact,
  );
  report.compare(
    "scaled",
    "out.scaled.map",
    doubles(
      scaled.map(({ meanAp }) => meanAp[0]!),
      scaled.length,
    ),
    apTolerance,
  );
}

/** `out.precision.<IoU in per cent>.<class>` and recall. */
function compareCurves(golden: GoldenCase, report: Report, { iouThresholds, perClass }: VocEvaluation): void {
  for (const name of [...golden.names("out.precision."), ...golden.names("out.recall.")]) {
    const [, kind, threshold, label] = name.split(".") as [string, "precision" | "recall", string, string];
    const index = iouThresholds.findIndex((value) => Math.round(value * 100) === Number(threshold));
    const curve = perClass[Number(label)]!.curves[index]![kind];
    report.compare("curves", name, doubles(curve, curve.length), exact);
  }
}

function inputsOf(golden: GoldenCase, count: number): { images: VocImage[]; detections: Detections[] } {
  const tensors = golden.takeAll("in.");
  const of = (kind: string) => {
    const part = (what: string) => tensors[`${kind}_${what}`] as NdArray;
    return { boxes: part("boxes"), labels: part("label").data, image: part("image").data };
  };
  const [objects, ignored, found] = [of("gt"), of("ignore"), of("det")];
  const scores = tensors.det_scores!.data;
  const rowsOn = (image: TypedArray, index: number) => [...image.keys()].filter((row) => image[row] === index);
  const images = Array.from({ length: count }, (_, index) => {
    const [own, hard] = [rowsOn(objects.image, index), rowsOn(ignored.image, index)];
    const boxes = [...pick(objects.boxes.data, own, 4), ...pick(ignored.boxes.data, hard, 4)];
    return {
      boxes: ndArray(Float32Array.from(boxes), [own.length + hard.length, 4]),
      labels: Int32Array.from([...pick(objects.labels, own, 1), ...pick(ignored.labels, hard, 1)]),
      difficult: Uint8Array.from([...own.map(() => 0), ...hard.map(() => 1)]),
    };
  });
  const detections = Array.from({ length: count }, (_, index) => {
    const rows = rowsOn(found.image, index);
    return {
      boxes: ndArray(Float32Array.from(pick(found.boxes.data, rows, 4)), [rows.length, 4]),
      labels: Int32Array.from(pick(found.labels, rows, 1)),
      scores: Float32Array.from(pick(scores, rows, 1)),
    };
  });
  return { images, detections };
}

function pick(values: TypedArray, rows: readonly number[], width: number): number[] {
  return rows.flatMap((row) => [...values.subarray(row * width, (row + 1) * width)]);
}

function doubles(values: ArrayLike<number>, ...shape: number[]): NdArray<Float64Array> {
  return ndArray(Float64Array.from(values), shape);
}

function integers({ perClass }: VocEvaluation, what: "gts" | "dets"): NdArray<Float64Array> {
  return doubles(
    perClass.map((each) => each[what]),
    perClass.length,
  );
}
