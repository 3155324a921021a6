import { LadError, ndArray } from "@lad/core";
import { type Params, param } from "@lad/tensor";
import * as tf from "@tensorflow/tfjs-core";
import { type DenseHeadOptions, denseHeadParts } from "./dense-head-parts";
import type { DenseHead } from "./dense-level";
import type { DistributionQualityFactory } from "./distribution-quality";

/** A head that tells every side of a box by a distribution over distances of 0, 1, … strides. */
export type DistributionHead = DenseHead & { readonly params: Params; readonly binCount: number };

export type DistributionHeadOptions = DenseHeadOptions & {
  /** Bins of each side's distribution (`reg_max` + 1). */
  readonly binCount?: number;
};

/** How a kind of head differs from the others. */
export type DistributionBranches = {
  /** Names of the output convolutions; a head without the third predicts no centre-ness. */
  readonly names: { readonly classes: string; readonly boxes: string; readonly quality?: string };
  /** Own a learnable factor a level. */
  readonly scaled?: boolean;
  /** Multiply class probabilities by a quality that the distributions tell. */
  readonly predictor?: DistributionQualityFactory | undefined;
};

/**
 * Two towers and 3×3 outputs: classes, distributions (sides outer, bins inner; the level's scale multiplies the logits) and, if named, centre-ness.
 * With a quality predictor the class branch has one channel more than there are classes, as GFocal V2's checkpoints do: it learns nothing but 0
 * and is no class. `integral.project` holds the bins as in mmdet's checkpoints; nothing reads it.
 * @throws {LadError} UNSUPPORTED for a quality predictor with more than one anchor a cell; INVALID_ARGUMENT for fewer than 2 bins.
 */
export function distributionHead(
  { binCount = 17, ...options }: DistributionHeadOptions,
  { names, scaled = true, predictor: factory }: DistributionBranches,
): DistributionHead {
  const { classes, anchorsPerCell = 1 } = options;
  if (factory && anchorsPerCell > 1) {
    throw new LadError("UNSUPPORTED", `a head's quality predictor wants 1 anchor per cell, got ${anchorsPerCell}`);
  }
  if (!(Number.isInteger(binCount) && binCount > 1)) {
    throw new LadError("INVALID_ARGUMENT", `a head's binCount must be an integer of at least 2, got ${binCount}`);
  }
  const parts = denseHeadParts(scaled ? options : { ...options, levels: 0 }, factory ? classes + 1 : classes);
  const boxOutput = parts.output(4 * binCount);
  const qualityOutput = names.quality ? parts.output(1) : undefined;
  const predictor = factory?.({ binCount, random: parts.random });
  return {
    classes,
    binCount,
    form: predictor ? "probabilities" : "logits",
    params: parts.named(names.classes, {
      [names.boxes]: boxOutput.params,
      ...(names.quality && qualityOutput && { [names.quality]: qualityOutput.params }),
      integral: bins(binCount),
      ...(predictor && { reg_conf: predictor.params }),
    }),
    forward: (maps) =>
      tf.tidy(() =>
        maps.map((map, level) => {
          const { logits, boxFeatures } = parts.branches(map);
          const raw = boxOutput.forward(boxFeatures);
          const boxes = scaled ? parts.scales[level]!.forward(raw) : raw;
          const quality = qualityOutput && { quality: qualityOutput.forward(boxFeatures) };
          if (!predictor) return { classes: logits, boxes, ...quality };
          return { classes: tf.mul(tf.sigmoid(logits), predictor.forward(boxes)), logits, boxes, ...quality };
        }),
      ),
  };
}

function bins(count: number): Params {
  const places = Float32Array.from({ length: count }, (_, bin) => bin);
  return new Map([["project", param(ndArray(places, [count]), { kind: "buffer" })]]);
}
