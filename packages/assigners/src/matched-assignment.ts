import type { Assignment } from "@lad/core";
import { IGNORED } from "./assign-max-iou";
import type { GroundTruths } from "./check-batch";

/**
 * The `Assignment` of a batch from what every anchor was matched with.
 * @param matched per image `[A]`: index of the ground truth, -1 background, -2 ignored or not valid.
 * @param classes number of classes; also the background label.
 */
export function matchedAssignment(
  matched: readonly Int32Array[],
  { boxes: gtBoxes, labels: gtLabels }: Pick<GroundTruths, "boxes" | "labels">,
  classes: number,
): Assignment {
  const anchors = matched[0]?.length ?? 0;
  const total = matched.length * anchors;
  const labels = new Int32Array(total).fill(classes);
  const labelWeights = new Float32Array(total).fill(1);
  const matchedGt = new Int32Array(total).fill(-1);
  const boxes = new Float32Array(total * 4);
  const numPositives = new Int32Array(matched.length);
  matched.forEach((image, index) => {
    const { data } = gtBoxes[index]!;
    for (let anchor = 0, row = index * anchors; anchor < anchors; anchor++, row++) {
      const gt = image[anchor]!;
      if (gt === IGNORED) labelWeights[row] = 0;
      if (gt < 0) continue;
      labels[row] = gtLabels[index]![gt]!;
      matchedGt[row] = gt;
      numPositives[index]!++;
      for (let side = 0; side < 4; side++) boxes[row * 4 + side] = data[gt * 4 + side]!;
    }
  });
  return { labels, labelWeights, matchedGt, boxes, numPositives, boxWeighting: "none" };
}
