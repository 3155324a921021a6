import { LadError } from "@lad/core";
import type { AreaRange, CocoGroundTruth, CocoIouType, CocoParameters, EvaluateCocoOptions } from "./coco-types";
import { sortedUnique } from "./sorted-unique";

const iouTypes: readonly CocoIouType[] = ["bbox", "segm", "keypoints"];
const areaRanges: readonly AreaRange[] = [
  { label: "all", min: 0, max: 1e10 },
  { label: "small", min: 0, max: 1024 },
  { label: "medium", min: 1024, max: 9216 },
  { label: "large", min: 9216, max: 1e10 },
];
const objects = { maxDetections: [1, 10, 100], areaRanges, leastLimits: 3 };
const persons = {
  maxDetections: [20],
  areaRanges: areaRanges.filter(({ label }) => label !== "small"),
  leastLimits: 1,
};

/** COCO's sigmas of a person: nose, eyes, ears, shoulders, elbows, wrists, hips, knees, ankles; as numpy divides them. */
const personSigmas = [26, 25, 25, 35, 35, 79, 79, 72, 72, 62, 62, 107, 107, 87, 87, 89, 89].map(
  (hundredth) => hundredth / 100 / 10,
);

/** `count` numbers from `first` to `last` as numpy's `linspace` gives them: 0.57 of a hundredth is 0.5700000000000001. */
function linspace(first: number, last: number, count: number): Float64Array {
  const step = (last - first) / (count - 1);
  return Float64Array.from({ length: count }, (_, i) => (i === count - 1 ? last : i * step + first));
}

/**
 * Fills in the defaults of pycocotools' `Params`, sorts and removes duplicates as its `evaluate` does.
 * @throws {LadError} INVALID_ARGUMENT for an option outside its domain.
 */
export function evaluationParameters(groundTruth: CocoGroundTruth, options: EvaluateCocoOptions = {}): CocoParameters {
  const { iouType = "bbox", useCategories = true, imageIds = groundTruth.images.ids } = options;
  if (!iouTypes.includes(iouType)) {
    const got = JSON.stringify(iouType);
    throw new LadError("INVALID_ARGUMENT", `evaluateCoco: iouType must be one of ${iouTypes.join(", ")}, got ${got}`);
  }
  const defaults = iouType === "keypoints" ? persons : objects;
  const { maxDetections = defaults.maxDetections, areaRanges = defaults.areaRanges } = options;
  checkLimits(maxDetections, defaults.leastLimits);
  checkAreaRanges(areaRanges);
  return {
    iouType,
    iouThresholds: thresholds("iouThresholds", options.iouThresholds ?? linspace(0.5, 0.95, 10)),
    recallThresholds: thresholds("recallThresholds", options.recallThresholds ?? linspace(0, 1, 101)),
    maxDetections: [...maxDetections].sort((a, b) => a - b),
    areaRanges,
    useCategories,
    categoryIds: chosenCategories(groundTruth, useCategories, options.categoryIds),
    imageIds: sortedUnique(finite("imageIds", imageIds)),
    keypointSigmas: sigmas(options.keypointSigmas ?? personSigmas),
  };
}

function sigmas(values: ArrayLike<number>): Float64Array {
  const copy = thresholds("keypointSigmas", values);
  if (copy.every((sigma) => sigma > 0)) return copy;
  throw new LadError("INVALID_ARGUMENT", `evaluateCoco: keypointSigmas must be above 0, got [${copy}]`);
}

function checkLimits(maxDetections: readonly number[], least: number): void {
  const fine = maxDetections.every((count) => Number.isSafeInteger(count) && count > 0);
  if (maxDetections.length >= least && fine) return;
  const three = "at least three positive whole numbers (AR is reported at each of the first three)";
  const wanted = least === 3 ? three : "positive whole numbers, at least one";
  throw new LadError("INVALID_ARGUMENT", `evaluateCoco: maxDetections must be ${wanted}, got [${maxDetections}]`);
}

/** pycocotools pools categories in the order given and with repetitions; taken one by one they are sorted and unique. */
function chosenCategories(
  groundTruth: CocoGroundTruth,
  useCategories: boolean,
  given?: ArrayLike<number>,
): Float64Array {
  const ids = finite("categoryIds", given ?? Float64Array.from(groundTruth.categories.ids).sort());
  return useCategories ? sortedUnique(ids) : ids;
}

function checkAreaRanges(areaRanges: readonly AreaRange[]): void {
  if (areaRanges.length === 0) throw new LadError("INVALID_ARGUMENT", "evaluateCoco: areaRanges must not be empty");
  for (const { label, min, max } of areaRanges) {
    if (min <= max) continue;
    throw new LadError(
      "INVALID_ARGUMENT",
      `evaluateCoco: area range "${label}" must have min <= max, got ${min}, ${max}`,
    );
  }
}

function thresholds(name: string, values: ArrayLike<number>): Float64Array {
  if (values.length > 0) return finite(name, values);
  throw new LadError("INVALID_ARGUMENT", `evaluateCoco: ${name} must not be empty`);
}

function finite(name: string, values: ArrayLike<number>): Float64Array {
  const copy = Float64Array.from(values);
  const bad = copy.findIndex((value) => !Number.isFinite(value));
  if (bad < 0) return copy;
  throw new LadError("INVALID_ARGUMENT", `evaluateCoco: ${name} must be finite numbers, got ${values[bad]} at ${bad}`);
}
