import type { Backbone, Pyramid } from "@lad/backbones";
import type { AnchorGrid, Assignment, ImageSizes } from "@lad/core";
import type { DenseHead } from "@lad/heads";
import type {
  Batch,
  DetectOptions,
  Detector,
  HasBoxes,
  HasClasses,
  HasClassLogits,
  HasLevels,
  Losses,
  Params,
} from "@lad/tensor";
import { joinParams } from "@lad/tensor";
import * as tf from "@tensorflow/tfjs-core";
import type { ScoreRule } from "./best-anchors";
import type { BoxCoding } from "./box-coding";
import { decodedLevels } from "./decoded-levels";
import { denseDetections } from "./dense-detections";
import { denseGrid, type GridAnchors } from "./dense-grid";
import { type DenseOut, denseOut, levelRows } from "./dense-out";

/** A one-stage detector: everything a term may ask of one. */
export type DenseDetector = Detector<tf.Tensor4D[], DenseOut> &
  HasClasses<DenseOut> &
  HasClassLogits<DenseOut> &
  HasBoxes<DenseOut> &
  HasLevels<tf.Tensor4D[]>;

/** The networks that a dense detector is made of. */
export type DenseNetworks<Head extends DenseHead = DenseHead & { readonly params: Params }> = {
  readonly name?: string;
  readonly backbone: Backbone;
  readonly neck: Pyramid;
  readonly head: Head;
};

export type DenseDetectorOptions = Required<DenseNetworks> & {
  readonly anchors: AnchorGrid;
  readonly coding: BoxCoding;
  /** @param valid per image a byte an anchor: does its cell lie in the image's own padding? */
  assign(batch: Batch, grid: GridAnchors, valid: readonly Uint8Array[]): Assignment;
  loss(out: DenseOut, targets: Assignment, grid: GridAnchors): Losses;
  /** Defaults of `detect`. */
  readonly detect?: DetectOptions | undefined;
  readonly scoreRule?: ScoreRule;
  /** Let `detect` emit what the head says of background too (GFocal V2's last channel, label `classes`), as the reference's head does. */
  readonly keepBackground?: boolean;
};

const detectDefaults: Required<DetectOptions> = {
  scoreThreshold: 0.05,
  iouThreshold: 0.6,
  perLevel: 1000,
  perImage: 100,
  voting: false,
  rescale: true,
};

/** A dense detector of its parts: networks, grid, how boxes are told, how anchors are assigned, what is minimised. Parameters named as in mmdet 2.10. */
export function denseDetector(options: DenseDetectorOptions): DenseDetector {
  const { name, backbone, neck, head, anchors, coding, scoreRule = "product", keepBackground = false } = options;
  const { at, valid } = denseGrid(anchors);
  const anchorsPerCell = anchors.ratios.length * anchors.scalesPerOctave;
  const perLevel = ({ levels }: DenseOut, map: "classes" | "logits") =>
    levels.map((level) => levelRows(level[map] ?? level.classes, level.classes.shape[3] / anchorsPerCell));
  return {
    name,
    anchors,
    params: joinParams({ backbone: backbone.params, neck: neck.params, bbox_head: head.params }),
    features: (images, mode) => tf.tidy(() => neck.forward(backbone.forward(images, mode))),
    predict: (levels) => denseOut(head.forward(levels), anchorsPerCell, coding.numbers),
    assign: async ({ featureSizes }, batch) =>
      options.assign(batch, at(featureSizes), valid(featureSizes, batch.sizes)),
    loss: (out, targets) => options.loss(out, targets, at(out.featureSizes)),
    detect: (out, sizes: readonly ImageSizes[], asked) =>
      denseDetections(out, {
        ...detectDefaults,
        ...options.detect,
        ...asked,
        grid: at(out.featureSizes),
        sizes,
        form: head.form,
        coding,
        scoreRule,
        ownVoting: "clusterDiou",
        ...(!keepBackground && { classes: head.classes }),
      }),
    classForm: head.form,
    classes: (out) => perLevel(out, "classes"),
    classLogits: (out) => perLevel(out, "logits"),
    boxes: (out, clip) => decodedLevels(out.boxes, { grid: at(out.featureSizes), coding, clip }),
    levels: (features) => features,
    fromLevels: (levels) => [...levels],
  };
}
