// registers the gradients of tfjs-core
import "@lad/tensor";

export { type BatchNormOptions, batchNorm } from "./batch-norm";
export { type BatchNormLayerOptions, batchNormLayer } from "./batch-norm-layer";
export { type BatchNormTrained, type BatchNormTrainOptions, batchNormTrain } from "./batch-norm-train";
export { clampMin } from "./clamp-min";
export { type ConvLayerOptions, convLayer } from "./conv-layer";
export { type Conv2dOptions, conv2d } from "./conv2d";
export { customOp, type SaveTensors } from "./custom-op";
export { type DecodeBoxesOptions, decodeBoxes } from "./decode-boxes";
export { type DeformConvLayerOptions, deformConvLayer } from "./deform-conv-layer";
export { type DeformConv2dOptions, deformConv2d } from "./deform-conv2d";
export { flattenLevels } from "./flatten-levels";
export { fusedKernel, type RunKernel } from "./fused-kernel";
export { gatherRows } from "./gather-rows";
export { type GroupNormOptions, groupNorm } from "./group-norm";
export { type GroupNormLayerOptions, groupNormLayer } from "./group-norm-layer";
export { constant, type Initializer, kaimingNormal, normalInit, xavierUniform } from "./initializers";
export type { Layer } from "./layer";
export { type MaxPoolOptions, maxPool } from "./max-pool";
export { maximum, minimum } from "./maximum";
export { type RoiAlignOptions, type RoiBoxes, roiAlign } from "./roi-align";
export { type RoiLevelsOptions, roiLevels } from "./roi-levels";
export { scaleLayer } from "./scale-layer";
export { stopGradient } from "./stop-gradient";
export { type UpsampleNearestOptions, upsampleNearest } from "./upsample-nearest";
