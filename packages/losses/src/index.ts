// registers the gradients of tfjs-core
import "@lad/tensor";

export { binaryCrossEntropyWithLogits } from "./binary-cross-entropy-with-logits";
export { type CiouLossOptions, ciouLoss } from "./ciou-loss";
export type { ClassLabels, RowWeights } from "./class-targets";
export { type DecoupledImitation, decoupledImitationLoss } from "./decoupled-imitation-loss";
export { diouLoss } from "./diou-loss";
export { type DistillationKlOptions, distillationKl } from "./distillation-kl";
export { distributionFocalLoss } from "./distribution-focal-loss";
export { type FocalKlOptions, focalKl } from "./focal-kl";
export { giouLoss, type IouLossOptions } from "./giou-loss";
export { imitationLoss } from "./imitation-loss";
export { iouAligned } from "./iou-aligned";
export { iouLoss } from "./iou-loss";
export { probabilityFocalLoss } from "./probability-focal-loss";
export { type QualityFocalLossOptions, qualityFocalLoss } from "./quality-focal-loss";
export type { RowLossOptions, RowValues } from "./row-loss";
export { type FocalLossOptions, sigmoidFocalLoss } from "./sigmoid-focal-loss";
