export { loadCheckpoint, readCheckpoint } from "./load-checkpoint";
export { type LoadParamsOptions, type LoadReport, loadParams, type MismatchedParam } from "./load-params";
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
