import type { ClassDetections } from "./class-detections";
import type { VocCurve } from "./voc-types";

const { fround, max } = Math;
const eps = 2 ** -23;

/**
 * Precision and recall of one class at one IoU threshold. A detection looks at the object it overlaps most and at no other: it is true if
 * that object is still free, false if it is taken or overlaps too little, and counts for nothing if the object does not count. Detections
 * that overlap nothing and lie outside the range count for nothing either.
 * Numerics follow mmdet 2.10 `tpfp_default` and `eval_map`: precision is float32.
 */
export function classCurve(
  { scores, bestIou, bestGt, inRange, counted }: ClassDetections,
  iouThreshold: number,
): VocCurve {
  const objects = counted.reduce((sum, counts) => sum + counts, 0);
  const taken = new Uint8Array(counted.length);
  const recall = new Float64Array(scores.length);
  const precision = new Float32Array(scores.length);
  let [hits, misses] = [0, 0];
  for (let d = 0; d < scores.length; d++) {
    if (bestIou[d]! >= iouThreshold) {
      const gt = bestGt[d]!;
      if (counted[gt] === 1) {
        if (taken[gt] === 1) misses++;
        else hits++;
        taken[gt] = 1;
      }
    } else if (inRange[d] === 1) misses++;
    recall[d] = hits / max(objects, eps);
    precision[d] = fround(hits / max(hits + misses, eps));
  }
  return { recall, precision, scores };
}
