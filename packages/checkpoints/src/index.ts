export {
  type CompareParamsOptions,
  compareParams,
  type LoadReport,
  type MismatchedParam,
} from "./compare-params";
export { type ConvertCheckpointOptions, type ConvertedCheckpoint, convertCheckpoint } from "./convert-checkpoint";
export { type DescribeMisfitOptions, describeMisfit } from "./describe-misfit";
export {
  type Detectron2NamesOptions,
  fromDetectron2Names,
  isDetectron2,
  type RenamedCheckpoint,
} from "./detectron2-names";
export { loadCheckpoint, readCheckpoint } from "./load-checkpoint";
export { type LoadParamsOptions, loadParams } from "./load-params";
export { openPickled, type PickledFile, type PickledOptions } from "./open-pickled";
export { paramsToRecord } from "./params-to-record";
export type { PickledStorage, PickledTensor, PickleValue, TensorType } from "./pickle-values";
export { type Checkpoint, readSafetensors } from "./read-safetensors";
export type { ExactArray } from "./read-tensor";
export {
  type PickledEntry,
  pickledEntries,
  readDetectron2Checkpoint,
  readTorchCheckpoint,
  type TorchCheckpoint,
} from "./read-torch-checkpoint";
export { loadSafetensors, saveSafetensors } from "./safetensors-file";
export { fromTorchLayout, toTorchLayout } from "./torch-layout";
export { type FileContent, temporarySuffix, writeFileAtomic } from "./write-file-atomic";
export { writeSafetensors } from "./write-safetensors";
