import { LadError } from "@lad/core";
import type { Params } from "@lad/tensor";
import * as tf from "@tensorflow/tfjs-core";
import type { ClassProbabilityFactory } from "./class-probability";
import { type DenseHeadOptions, denseHeadParts } from "./dense-head-parts";
import type { DenseHead } from "./dense-level";

export type PaaHead = DenseHead & { readonly params: Params; readonly iouBranch: boolean };

export type PaaHeadOptions = DenseHeadOptions & {
  /** How class probabilities come about: by default the sigmoid of the logits, which is then left to loss and test. */
  readonly probability?: ClassProbabilityFactory;
  /** Predict the IoU of every box. A head without (`*_base` in ccdet) still owns the convolution, unused. */
  readonly iouBranch?: boolean;
};

/**
 * The head of PAA (arXiv 2007.08103) with its IoU branch, which is ATSS' with its centre-ness (arXiv 1912.02424), as mmdet 2.10 names and
 * initialises it: two towers, 3×3 output convolutions `atss_cls`, `atss_reg`, `atss_centerness`, `scales.<level>.scale`.
 * @throws {LadError} UNSUPPORTED for a class probability with more than one anchor a cell.
 */
export function paaHead({ probability, iouBranch = true, ...options }: PaaHeadOptions): PaaHead {
  const { anchorsPerCell = 1 } = options;
  if (probability && anchorsPerCell > 1) {
    throw new LadError("UNSUPPORTED", `paaHead: a class probability wants 1 anchor per cell, got ${anchorsPerCell}`);
  }
  const parts = denseHeadParts(options);
  const boxOutput = parts.output(4);
  const iouOutput = parts.output(1);
  const auxiliary = probability?.({ in: parts.width, random: parts.random });
  return {
    classes: options.classes,
    form: auxiliary ? "probabilities" : "logits",
    iouBranch,
    params: parts.named("atss_cls", {
      atss_reg: boxOutput.params,
      atss_centerness: iouOutput.params,
      "": auxiliary?.params ?? new Map(),
    }),
    forward: (maps) =>
      tf.tidy(() =>
        maps.map((map, level) => {
          const { logits, boxFeatures } = parts.branches(map);
          return {
            classes: auxiliary ? auxiliary.forward(logits, boxFeatures) : logits,
            boxes: parts.scales[level]!.forward(boxOutput.forward(boxFeatures)),
            ...(iouBranch && { quality: iouOutput.forward(boxFeatures) }),
          };
        }),
      ),
  };
}
