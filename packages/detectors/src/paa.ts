import { assignPaa, preAssignPaa } from "@lad/assigners";
import type { CostAssigned, Detector, HasBoxes, HasClasses, HasLevels } from "@lad/tensor";
import { joinParams } from "@lad/tensor";
import * as tf from "@tensorflow/tfjs-core";
import { decodedLevels } from "./decoded-levels";
import { deltaCoding } from "./delta-coding";
import { denseDetections } from "./dense-detections";
import { denseGrid } from "./dense-grid";
import { type DenseOut, denseOut, levelRows } from "./dense-out";
import { paaCosts } from "./paa-costs";
import { paaLoss } from "./paa-loss";
import { type PaaOptions, paaAnchors, paaCoder, paaDetectDefaults, paaLossDefaults } from "./paa-options";

export type Paa = Detector<tf.Tensor4D[], DenseOut> &
  CostAssigned<DenseOut> &
  HasClasses<DenseOut> &
  HasBoxes<DenseOut> &
  HasLevels<tf.Tensor4D[]>;

/**
 * Probabilistic anchor assignment (arXiv 2007.08103): a one-stage detector that decides by a mixture of two Gaussians over its own costs
 * which anchors are positive. Parameters `backbone.*`, `neck.*`, `bbox_head.*` as in mmdet 2.10.
 */
export function paa({
  name = "paa",
  backbone,
  neck,
  head,
  anchors: grid = paaAnchors,
  coder = paaCoder,
  preAssign: { positiveIou = 0.1, negativeIou = 0.1, minPositiveIou = 0, ignoreIofThreshold = -1 } = {},
  loss: lossOptions,
  cost = {},
  topk = 9,
  detect: detectDefaults,
}: PaaOptions): Paa {
  const { at, valid } = denseGrid(grid);
  const { classes, form } = head;
  const weights = { ...paaLossDefaults, ...lossOptions };
  const context = (out: DenseOut) => ({ ...weights, coder, classes, form, anchors: at(out.featureSizes).anchors });
  const coding = deltaCoding(coder);
  const anchorsPerCell = grid.ratios.length * grid.scalesPerOctave;

  const detector: Paa = {
    name,
    anchors: grid,
    params: joinParams({ backbone: backbone.params, neck: neck.params, bbox_head: head.params }),
    features: (images, mode) => tf.tidy(() => neck.forward(backbone.forward(images, mode))),
    predict: (levels) => denseOut(head.forward(levels), anchorsPerCell, 4),
    preAssign: ({ featureSizes }, batch) => {
      const { anchors, levelSizes } = at(featureSizes);
      const limits = { classes, positiveIou, negativeIou, minPositiveIou, ignoreIofThreshold };
      return preAssignPaa(anchors, levelSizes, batch, valid(featureSizes, batch.sizes), limits);
    },
    costs: (out, pre) => paaCosts(out, pre, { ...context(out), ...cost }),
    separate(pre, costs) {
      // in double: a mixture of float32 squares turns on the 7th digit of a cost, and no two engines agree on that one
      const exact = costs.map((values) => Float64Array.from(values));
      return { ...assignPaa(pre, exact, { topk }), boxWeighting: head.iouBranch ? "iou" : "none" };
    },
    async assign(out, batch) {
      const pre = detector.preAssign(out, batch);
      return detector.separate(pre, await detector.costs(out, pre));
    },
    loss: (out, targets) => paaLoss(out, targets, context(out)),
    detect: (out, sizes, options) =>
      denseDetections(out, {
        ...paaDetectDefaults,
        ...detectDefaults,
        ...options,
        grid: at(out.featureSizes),
        sizes,
        form,
        coding,
      }),
    classForm: form,
    classes: ({ levels }) => levels.map((level) => levelRows(level.classes, classes)),
    ...(head.iouBranch && { quality: ({ levels }: DenseOut) => levels.map((level) => levelRows(level.quality!, 1)) }),
    boxes: (out, clip) => decodedLevels(out.boxes, { grid: at(out.featureSizes), coding, clip }),
    levels: (features) => features,
    fromLevels: (levels) => [...levels],
  };
  return detector;
}
