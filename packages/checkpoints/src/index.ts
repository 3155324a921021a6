export { type LoadParamsOptions, type LoadReport, loadParams, type MismatchedParam } from "./load-params";
export { paramsToRecord } from "./params-to-record";
export { type Checkpoint, readSafetensors } from "./read-safetensors";
export { loadSafetensors, saveSafetensors } from "./safetensors-file";
export { fromTorchLayout, toTorchLayout } from "./torch-layout";
export { type FileContent, temporarySuffix, writeFileAtomic } from "./write-file-atomic";
export { writeSafetensors } from "./write-safetensors";
