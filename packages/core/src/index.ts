export type {
  AnchorGrid,
  Assignment,
  Batch,
  Detections,
  ImageSizes,
  Masks,
  PreAssignedImage,
  PreAssignment,
  Progress,
  Size,
} from "./contracts";
export { LadError, type LadErrorCode } from "./lad-error";
export { type NdArray, type NdRecord, ndArray, type TypedArray } from "./nd-array";
export { type Random, random } from "./random";
export { shuffle } from "./shuffle";
