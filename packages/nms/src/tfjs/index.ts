export type { TensorLike } from "./from-tensor";
export { classwiseNms, hardNms, multiclassNms, softNms } from "./tensor-nms";
