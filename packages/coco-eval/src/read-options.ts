import type { CocoIouType } from "./coco-types";

/** What a file is read for. */
export type ReadOptions = {
  /** "segm" reads the masks too, "keypoints" the keypoints. Default "bbox". */
  readonly iouType?: CocoIouType;
};
