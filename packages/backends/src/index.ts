export { buildNative, type NativeBuild } from "./build-native";
export { engineHome } from "./engine-home";
export type { BackendName } from "./engines";
export { type BackendReport, examineBackend } from "./examine-backend";
export { resolveOptional } from "./import-optional";
export { type BackendEntry, listBackends } from "./list-backends";
export { type BackendInfo, type UseBackendOptions, useBackend } from "./use-backend";
export { registerWasmTrainingKernels } from "./wasm/register-wasm-training-kernels";
