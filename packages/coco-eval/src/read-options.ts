import type { CocoImages, CocoIouType } from "./coco-types";

/** What a file is read for. */
export type ReadOptions = {
  /** "segm" reads the masks too, "keypoints" the keypoints. Default "bbox". */
  readonly iouType?: CocoIouType;
};

/** Options of `readDetections`. */
export type ReadDetectionsOptions = ReadOptions & {
  /** Images of the ground truth. Only needed to draw masks that are given as polygons. */
  readonly images?: CocoImages;
};
