import { roomForResults } from "../accumulate-columns";
import type { CocoDetections, CocoEvaluation, CocoGroundTruth, EvaluateCocoOptions } from "../coco-types";
import { describeResults } from "../evaluate-coco";
import { evaluationParameters } from "../evaluation-parameters";
import { grouping } from "../group-rows";
import { imageMatcher } from "../image-matches";
import { matchInputs } from "../match-inputs";
import { attempt, resultsOf } from "./attempt";
import { shareCategories } from "./share-categories";
import { evaluatePart } from "./tasks";
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
  const shares = shareCategories(parameters, detections, threads.length + 1);
  const results = roomForResults(parameters, categoryIds.length, SharedArrayBuffer);
  const firstRow = (share: number) => Math.floor((detections.scores.length * share) / shares.length);
  const tasks = shares.map((columns, i) => {
    const rows = [firstRow(i), firstRow(i + 1)] as const;
    return { kind: "evaluate", groundTruth, detections, parameters, results, rows, columns } as const;
  });
  const others = resultsOf(tasks.slice(1).map((task, i) => threads[i]!.run(task)));
  const first = attempt(() => evaluatePart(tasks[0]!));
  if ([first, ...(await others)].includes(undefined)) return undefined;
  let matcher: CocoEvaluation["imageMatches"] | undefined; // made when somebody asks: it groups everything once more
  return describeResults(results, parameters, groundTruth, (imageId, categoryId) => {
    const groups = grouping(imageIds, categoryIds, useCategories);
    matcher ??= imageMatcher(matchInputs(groundTruth, detections, parameters, groups), groups);
    return matcher(imageId, categoryId);
  });
}
