export type { Backbone } from "./backbone";
export { type FpnOptions, fpn, type Pyramid } from "./fpn";
export type { Deformable, NormStatistics } from "./normed-conv";
export { type Res2netOptions, res2net } from "./res2net";
export { type BlockOptions, type BottleneckOptions, basicBlock, bottleneckBlock } from "./residual-block";
export type { ResidualOptions } from "./residual-options";
export { type ResnetOptions, resnet } from "./resnet";
export { type ResnextOptions, resnext } from "./resnext";
