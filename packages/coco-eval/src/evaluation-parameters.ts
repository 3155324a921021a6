import { LadError } from "@lad/core";
import type { AreaRange, CocoGroundTruth, CocoParameters, EvaluateCocoOptions } from "./coco-types";
import { sortedUnique } from "./sorted-unique";

const defaultMaxDetections: readonly number[] = [1, 10, 100];
const defaultAreaRanges: readonly AreaRange[] = [
  { label: "all", min: 0, max: 1e10 },
  { label: "small", min: 0, max: 1024 },
  { label: "medium", min: 1024, max: 9216 },
  { label: "large", min: 9216, max: 1e10 },
];

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
  const { iouType = "bbox", maxDetections = defaultMaxDetections, areaRanges = defaultAreaRanges } = options;
  const { useCategories = true, imageIds = groundTruth.images.ids } = options;
  if (iouType !== "bbox") {
    throw new LadError("UNSUPPORTED", `evaluateCoco: iouType must be "bbox", got ${JSON.stringify(iouType)}`);
  }
  if (maxDetections.length < 3 || !maxDetections.every((count) => Number.isSafeInteger(count) && count > 0)) {
    const wanted = "at least three positive whole numbers (AR is reported at each of the first three)";
    throw new LadError("INVALID_ARGUMENT", `evaluateCoco: maxDetections must be ${wanted}, got [${maxDetections}]`);
  }
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
  };
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
