import { random as createRandom, LadError, type Random } from "@lad/core";
import { convLayer, normalInit, scaleLayer } from "@lad/nn";
import { joinParams, type Params } from "@lad/tensor";
import * as tf from "@tensorflow/tfjs-core";
import type { ClassProbabilityFactory } from "./class-probability";
import { convTower } from "./conv-tower";

/** Raw outputs of one pyramid level; A anchors a cell. */
export type PaaLevel = {
  /** Class logits, or probabilities (see `PaaHead.form`), `[B, H, W, A·C]`. */
  readonly classes: tf.Tensor4D;
  /** Box deltas `[B, H, W, A·4]`, after the level's scale. */
  readonly boxes: tf.Tensor4D;
  /** Logit of the IoU of the predicted box `[B, H, W, A]`; none in a head without that branch. */
  readonly iou?: tf.Tensor4D;
};

export type PaaHead = {
  readonly params: Params;
  readonly classes: number;
  /** What `PaaLevel.classes` are. */
  readonly form: "logits" | "probabilities";
  readonly iouBranch: boolean;
  /** The head is shared by all levels but for one scale each. */
  forward(levels: readonly tf.Tensor4D[]): PaaLevel[];
};

export type PaaHeadOptions = {
  readonly classes: number;
  readonly in?: number;
  readonly channels?: number;
  /** Convolutions per tower. */
  readonly stackedConvs?: number;
  readonly groups?: number;
  readonly levels?: number;
  readonly anchorsPerCell?: number;
  /** Probability of every class at the start. */
  readonly classPrior?: number;
  /** How class probabilities come about: by default the sigmoid of the logits, which is then left to loss and test. */
  readonly probability?: ClassProbabilityFactory;
  /** Predict the IoU of every box. A head without (`*_base` in ccdet) still owns the convolution, unused. */
  readonly iouBranch?: boolean;
  readonly random?: Random;
};

/**
 * The head of PAA (arXiv 2007.08103) with its IoU branch, as mmdet 2.10 names and initialises it: two towers, 3×3 output convolutions
 * `atss_cls`, `atss_reg`, `atss_centerness`, normal(0, 0.01) weights, class bias `-ln((1 - prior) / prior)`, `scales.<level>.scale` 1.
 * @throws {LadError} UNSUPPORTED for a class probability with more than one anchor a cell.
 */
export function paaHead({
  classes,
  in: input = 256,
  channels = 256,
  stackedConvs = 4,
  groups = 32,
  levels = 5,
  anchorsPerCell = 1,
  classPrior = 0.01,
  probability,
  iouBranch = true,
  random = createRandom(0),
}: PaaHeadOptions): PaaHead {
  if (probability && anchorsPerCell > 1) {
    throw new LadError("UNSUPPORTED", `paaHead: a class probability wants 1 anchor per cell, got ${anchorsPerCell}`);
  }
  const tower = () => convTower({ in: input, channels, depth: stackedConvs, groups, random });
  const output = (out: number, biasValue = 0) =>
    convLayer({
      in: stackedConvs ? channels : input,
      out: out * anchorsPerCell,
      kernel: 3,
      bias: true,
      initial: normalInit(0.01),
      biasValue,
      random,
    });
  const classTower = tower();
  const boxTower = tower();
  const classOutput = output(classes, -Math.log((1 - classPrior) / classPrior));
  const boxOutput = output(4);
  const iouOutput = output(1);
  const auxiliary = probability?.({ in: stackedConvs ? channels : input, random });
  const scales = Array.from({ length: levels }, () => scaleLayer());
  return {
    classes,
    form: auxiliary ? "probabilities" : "logits",
    iouBranch,
    params: joinParams({
      cls_convs: classTower.params,
      reg_convs: boxTower.params,
      atss_cls: classOutput.params,
      atss_reg: boxOutput.params,
      atss_centerness: iouOutput.params,
      "": auxiliary?.params ?? new Map(),
      ...Object.fromEntries(scales.map((scale, level) => [`scales.${level}`, scale.params])),
    }),
    forward: (maps) =>
      tf.tidy(() =>
        maps.map((map, level) => {
          const boxFeatures = boxTower.forward(map);
          const logits = classOutput.forward(classTower.forward(map));
          return {
            classes: auxiliary ? auxiliary.forward(logits, boxFeatures) : logits,
            boxes: scales[level]!.forward(boxOutput.forward(boxFeatures)),
            ...(iouBranch && { iou: iouOutput.forward(boxFeatures) }),
          };
        }),
      ),
  };
}
