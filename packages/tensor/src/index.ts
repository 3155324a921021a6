import "./register-gradients";

export { borrow, borrowAll } from "./borrow";
export type {
  AnyDetector,
  Batch,
  CostAssigned,
  DetectOptions,
  Detector,
  Forward,
  HasBoxes,
  HasClasses,
  HasClassLogits,
  HasDistributions,
  HasLevels,
  Losses,
  Method,
  Metrics,
  Mode,
  Network,
  Optimizer,
  ParamGroup,
  State,
  Term,
  TermContext,
} from "./contracts";
export { fusedKernel, type RunKernel } from "./fused-kernel";
export {
  disposeParams,
  freezeParams,
  joinParams,
  type Param,
  type ParamKind,
  type ParamLayout,
  type Params,
  param,
  trainableVariables,
} from "./params";
export { createTape, currentTape, type Gradients, type Tape } from "./tape";
export { tensorsIn } from "./tensors-in";
