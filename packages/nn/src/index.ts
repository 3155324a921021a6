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
export { decodeDistances } from "./decode-distances";
export { flattenLevels } from "./flatten-levels";
export { gatherRows } from "./gather-rows";
export { type GroupNormOptions, groupNorm } from "./group-norm";
export { type GroupNormLayerOptions, groupNormLayer } from "./group-norm-layer";
export { constant, type Initializer, kaimingNormal, normalInit, xavierUniform } from "./initializers";
export type { Layer } from "./layer";
export { type MaxPoolOptions, maxPool } from "./max-pool";
export { maximum, minimum } from "./maximum";
export { scaleLayer } from "./scale-layer";
export { softmaxExpectation } from "./softmax-expectation";
export { stopGradient } from "./stop-gradient";
export { topValues } from "./top-values";
export { type UpsampleNearestOptions, upsampleNearest } from "./upsample-nearest";
