export { type FpnOptions, fpn, type Pyramid } from "./fpn";
export { type BlockOptions, basicBlock, bottleneckBlock, type NormStatistics } from "./residual-block";
export { type Backbone, type ResnetOptions, resnet } from "./resnet";
