export { type BuildOptions, type BuildResult, buildTensorflowEngine } from "./build-engine";
export { checkTensorflowEngine, type EngineCheck, type Finding, missingEngine } from "./check-engine";
export { type EnginePackage, findEnginePackage, type PackageName, packageName } from "./engine-package";
export type { Proof } from "./prove-engine";
export { removeTensorflowEngine } from "./remove-engine";
