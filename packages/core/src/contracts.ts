import type { NdArray } from "./nd-array";

export type Size = { readonly height: number; readonly width: number };

/** The sizes an image went through on its way into a batch. */
export type ImageSizes = {
  /** After resizing, before padding. */
  readonly image: Size;
  /** After the image's own padding (a multiple of the stride), before the batch's. */
  readonly padded: Size;
  /** As decoded from the file. */
  readonly original: Size;
  /** `image / original`, per axis. */
  readonly scale: readonly [x: number, y: number];
  readonly flipped: boolean;
};

/** Instance masks of one image: a byte a pixel of the (resized, unpadded) image, `[N, H, W]`. */
export type Masks = NdArray<Uint8Array>;

/** One training or test batch. `images` are `[B, H, W, 3]`, normalised, padded to the largest; the rest is host side, one entry per image. */
export type Batch<Images> = {
  readonly ids: readonly string[];
  readonly images: Images;
  readonly sizes: readonly ImageSizes[];
  /** Ground-truth boxes, `[N, 4]` xyxy px of the resized image. N may be 0. */
  readonly boxes: readonly NdArray[];
  /** 0-based classes, `[N]`. */
  readonly labels: readonly Int32Array[];
  /** Crowd and ignored regions, `[K, 4]` xyxy px. */
  readonly ignoreBoxes: readonly NdArray[];
  readonly masks?: readonly Masks[];
};

/**
 * What every anchor of a batch is to learn. Flattened `[B·A]`: image-major, levels fine to coarse, rows y then x.
 * All dense detectors share it, so one detector's assignment can teach another on the same grid.
 */
export type Assignment = {
  /** Class in `[0, classes)`, or `classes` for background. */
  readonly labels: Int32Array;
  /** 0 = ignored or padding. */
  readonly labelWeights: Float32Array;
  /** Index of the matched ground truth in its image, or -1. */
  readonly matchedGt: Int32Array;
  /** `[B·A·4]` xyxy px of the matched ground truth; 0 where there is none. */
  readonly boxes: Float32Array;
  /** `[B]`: PAA floors their sum, GFL floors each. */
  readonly numPositives: Int32Array;
  /** Who assigned decides: PAA weighs its own positives by IoU, a LAD teacher's are not weighed. */
  readonly boxWeighting: "iou" | "none";
};

/** Candidates of one image: the anchors that may become positive, before costs decide. */
export type PreAssignedImage = {
  /** `[A]`: class, or `classes` for background. */
  readonly labels: Int32Array;
  /** `[A]`: 1, or 0 where ignored or padding. */
  readonly labelWeights: Float32Array;
  /** `[N]` anchors of the candidates, ascending. */
  readonly candidates: Int32Array;
  /** `[N]` ground truth of each candidate. */
  readonly matchedGt: Int32Array;
  /** `[N·4]` that ground truth's box, xyxy px. */
  readonly targets: Float32Array;
};

/** Candidates of a batch: depends on anchors and ground truths only, so every network on the grid shares it. */
export type PreAssignment = {
  readonly images: readonly PreAssignedImage[];
  /** Anchors per level, fine to coarse. */
  readonly levelSizes: readonly number[];
  readonly anchorsPerImage: number;
  readonly classes: number;
};

/** Detections of one image: boxes `[N, 4]` xyxy px, scores and 0-based labels `[N]`. */
export type Detections = { readonly boxes: NdArray; readonly scores: Float32Array; readonly labels: Int32Array };

/** The anchors of a dense detector: at every cell of level l, boxes of side `strides[l] · scale · octave` and the given ratios. */
export type AnchorGrid = {
  /** px per cell, fine to coarse. */
  readonly strides: readonly number[];
  /** Side of the base anchor in strides. */
  readonly scale: number;
  /** Octave scales 2^(i / n), i < n. */
  readonly scalesPerOctave: number;
  /** height / width; outer loop, octaves inner. */
  readonly ratios: readonly number[];
  /** Centre of the first cell's anchors, in strides: 0 = at the cell's corner. */
  readonly offset: number;
};

/** Where a training run stands. */
export type Progress = {
  /** Iterations done so far. */
  readonly iteration: number;
  /** Epochs completed so far. */
  readonly epoch: number;
  readonly iterations: number;
  readonly epochs: number;
};
