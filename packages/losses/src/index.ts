// registers the gradients of tfjs-core
import "@lad/tensor";

export { binaryCrossEntropyWithLogits } from "./binary-cross-entropy-with-logits";
export type { ClassLabels, RowWeights } from "./class-targets";
export { diouLoss } from "./diou-loss";
export { type FocalKlOptions, focalKl } from "./focal-kl";
export { giouLoss, type IouLossOptions } from "./giou-loss";
export { iouAligned } from "./iou-aligned";
export { probabilityFocalLoss } from "./probability-focal-loss";
export { type FocalLossOptions, sigmoidFocalLoss } from "./sigmoid-focal-loss";
