// registers the gradients of tfjs-core
import "@lad/tensor";

export { binaryCrossEntropyWithLogits } from "./binary-cross-entropy-with-logits";
export type { ClassLabels, RowWeights } from "./class-targets";
export { diouLoss } from "./diou-loss";
export { type DistillationKlOptions, distillationKl } from "./distillation-kl";
export { distributionFocalLoss } from "./distribution-focal-loss";
export { type FocalKlOptions, focalKl } from "./focal-kl";
export { giouLoss, type IouLossOptions } from "./giou-loss";
export { iouAligned } from "./iou-aligned";
export { probabilityFocalLoss } from "./probability-focal-loss";
export { type QualityFocalLossOptions, qualityFocalLoss } from "./quality-focal-loss";
export type { RowLossOptions, RowValues } from "./row-loss";
export { type FocalLossOptions, sigmoidFocalLoss } from "./sigmoid-focal-loss";
