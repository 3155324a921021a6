import type { NdArray } from "@lad/core";

/** One picture of a data set and what lies in it. Boxes are `[N, 4]` xyxy px of the picture as decoded, not clipped to it. */
export type DatasetImage = {
  readonly id: string;
  /** Path to the picture. */
  readonly file: string;
  readonly width: number;
  readonly height: number;
  readonly boxes: NdArray;
  /** 0-based, index into `Dataset.classes`. */
  readonly labels: Int32Array;
  /** Crowd regions (COCO), difficult objects unless kept (VOC): `[K, 4]`. */
  readonly ignoreBoxes: NdArray;
  /** VOC with `keepDifficult`: 1 where the object is marked difficult. */
  readonly difficult?: Uint8Array;
  /** COCO's number of the picture. */
  readonly cocoId?: number;
};

export type Dataset = {
  readonly name: string;
  readonly classes: readonly string[];
  /** COCO category id of label i. */
  readonly categoryIds: readonly number[];
  readonly images: readonly DatasetImage[];
  /** What was left out or looks wrong: a line for each kind, naming file, pictures and count. */
  readonly warnings: readonly string[];
};
