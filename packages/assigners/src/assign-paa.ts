import { type Assignment, LadError, type PreAssignment } from "@lad/core";
import { type GtSeparation, type PaaSeparation, separatePaa } from "./separate-paa";

export type AssignPaaOptions = {
  /** Candidates a ground truth may enter from each level. */
  readonly topk?: number;
};

export type PaaAssignment = Assignment & {
  /** Per image, per ground truth that reached the fit: pool, costs, mixture, how many were kept. */
  readonly mixtures: readonly (readonly GtSeparation[])[];
};

/**
 * PAA's assignment of a batch: `separatePaa` on every image; candidates that are not kept become background, label weights never change.
 * @param pre of `preAssignPaa`. @param costs per image, per candidate: classification loss + box loss of the network that assigns.
 * @throws {LadError} SHAPE_MISMATCH; NON_FINITE if a cost is.
 */
export function assignPaa(
  pre: PreAssignment,
  costs: readonly (Float32Array | Float64Array)[],
  { topk = 9 }: AssignPaaOptions = {},
): PaaAssignment {
  if (costs.length !== pre.images.length) {
    throw new LadError("SHAPE_MISMATCH", `assignPaa: ${pre.images.length} images, got costs of ${costs.length}`);
  }
  const { levelSizes } = pre;
  const separations = pre.images.map(({ candidates, matchedGt }, image) =>
    separatePaa({ candidates, matchedGt, costs: costs[image]!, levelSizes, topk }),
  );
  return mergePaa(pre, separations);
}

/** Writes the separations of a batch's images over its pre-assignment. */
function mergePaa(pre: PreAssignment, separations: readonly PaaSeparation[]): PaaAssignment {
  const { anchorsPerImage, classes, images } = pre;
  const total = images.length * anchorsPerImage;
  const labels = new Int32Array(total).fill(classes);
  const labelWeights = new Float32Array(total);
  const matchedGt = new Int32Array(total).fill(-1);
  const boxes = new Float32Array(total * 4);
  images.forEach((image, index) => {
    const start = index * anchorsPerImage;
    labelWeights.set(image.labelWeights, start);
    for (const position of separations[index]!.positives) {
      const anchor = image.candidates[position]!;
      labels[start + anchor] = image.labels[anchor]!;
      matchedGt[start + anchor] = image.matchedGt[position]!;
      boxes.set(image.targets.subarray(position * 4, position * 4 + 4), (start + anchor) * 4);
    }
  });
  return {
    labels,
    labelWeights,
    matchedGt,
    boxes,
    numPositives: Int32Array.from(separations, ({ positives }) => positives.length),
    boxWeighting: "iou",
    mixtures: separations.map((image) => image.separations),
  };
}
