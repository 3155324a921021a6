import { type CocoResults, emptyResults } from "../accumulate-columns";
import type { CocoDetections, CocoEvaluation, CocoGroundTruth, EvaluateCocoOptions } from "../coco-types";
import { describeResults } from "../evaluate-coco";
import { evaluationParameters } from "../evaluation-parameters";
import { grouping } from "../group-rows";
import { imageMatcher } from "../image-matches";
import { matchInputs } from "../match-inputs";
import { attempt, resultsOf } from "./attempt";
import { shareCategories } from "./share-categories";
import { handleTask } from "./tasks";
import type { Thread } from "./thread";

/**
 * `evaluateCoco` with the categories shared among this thread and others: each category's numbers depend on no other's.
 * `undefined` if something is wrong in the data: then one thread is to say what.
 * @param groundTruth, @param detections in shared memory.
 */
export async function evaluateOnThreads(
  groundTruth: CocoGroundTruth,
  detections: CocoDetections,
  options: EvaluateCocoOptions,
  threads: readonly Thread[],
): Promise<CocoEvaluation | undefined> {
  const parameters = evaluationParameters(groundTruth, options);
  const { imageIds, categoryIds, useCategories } = parameters;
  const shares = shareCategories(parameters, detections, threads.length + 1).filter(({ length }) => length > 0);
  const tasks = shares.map((columns) => ({ kind: "evaluate", groundTruth, detections, parameters, columns }) as const);
  const others = resultsOf(tasks.slice(1).map((task, i) => threads[i]!.run(task)));
  const first = attempt(() => tasks[0] && handleTask(tasks[0]));
  const parts = [...(tasks.length > 0 ? [first] : []), ...(await others)];
  const results = emptyResults(parameters, categoryIds.length);
  for (const [i, part] of parts.entries()) {
    if (part === undefined) return undefined;
    placeColumns(results, part, shares[i]!);
  }
  let matcher: CocoEvaluation["imageMatches"] | undefined; // made when somebody asks: it groups everything once more
  return describeResults(results, parameters, groundTruth, (imageId, categoryId) => {
    const groups = grouping(imageIds, categoryIds, useCategories);
    matcher ??= imageMatcher(matchInputs(groundTruth, detections, parameters, groups), groups);
    return matcher(imageId, categoryId);
  });
}

/** Copies results of some columns to their places among all. */
function placeColumns(results: CocoResults, part: Record<keyof CocoResults, Float64Array>, columns: readonly number[]) {
  for (const kind of ["precision", "recall", "scores"] as const) {
    const { data, shape } = results[kind];
    const [columnCount, areas, limits] = shape.slice(-3) as [number, number, number];
    const cells = areas * limits;
    const rows = data.length / (columnCount * cells);
    for (let row = 0; row < rows; row++) {
      for (const [i, column] of columns.entries()) {
        const from = (row * columns.length + i) * cells;
        data.set(part[kind].subarray(from, from + cells), (row * columnCount + column) * cells);
      }
    }
  }
}
