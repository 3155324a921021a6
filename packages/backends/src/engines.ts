import { loadCpu } from "./load-cpu";
import { loadNative } from "./load-native";
import { loadTensorflow } from "./load-tensorflow";
import { loadWasm } from "./load-wasm";
import { loadWebgpu } from "./load-webgpu";

export type BackendName = "tensorflow-gpu" | "native" | "tensorflow" | "webgpu" | "wasm" | "cpu";

export type EngineOptions = {
  /** Threads of an engine that has its own; default: as many as the machine runs at once. */
  readonly threads?: number;
  /** `native` only. `direct`: no Winograd convolutions. Default `auto`. */
  readonly convolution?: "auto" | "direct";
  /** Folder or URL of tfjs-backend-wasm's `.wasm` files, with a slash at the end. Found by itself in Node. */
  readonly wasmPath?: string;
  /** Whether nobody asked for this engine by name. */
  readonly automatic?: boolean;
};

/** An engine that `useBackend` can try. */
export type Engine = {
  readonly name: BackendName;
  /** What must be installed. */
  readonly packages: readonly string[];
  /** How to get it. */
  readonly hint: string;
  /** Loads it and makes it tfjs' backend. @returns its version. @throws {LadError} NOT_FOUND if what it needs is not there. */
  load(options: EngineOptions): Promise<string>;
};

/** In the order in which `auto` tries them. */
export const engines: readonly Engine[] = [
  {
    name: "tensorflow-gpu",
    packages: ["@tensorflow/tfjs-node-gpu"],
    hint: "on a machine with an NVIDIA driver npx lad engine tensorflow --gpu installs and builds it",
    load: (options) => loadTensorflow("@tensorflow/tfjs-node-gpu", options),
  },
  {
    name: "native",
    packages: ["@lad/backend-native"],
    hint: "install @lad/backend-native, a C++ compiler and oneDNN (Debian, Ubuntu: apt-get install g++ libdnnl-dev), then npx lad native --build",
    load: loadNative,
  },
  {
    name: "tensorflow",
    packages: ["@tensorflow/tfjs-node"],
    hint: "npx lad engine tensorflow installs and builds it",
    load: (options) => loadTensorflow("@tensorflow/tfjs-node", options),
  },
  {
    name: "webgpu",
    packages: ["@tensorflow/tfjs-backend-webgpu"],
    hint: "install @tensorflow/tfjs-backend-webgpu, in Node the package webgpu too",
    load: loadWebgpu,
  },
  {
    name: "wasm",
    packages: ["@tensorflow/tfjs-backend-wasm"],
    hint: "it comes with @lad/backends; outside Node give wasmPath, the URL of the folder that holds its .wasm files",
    load: loadWasm,
  },
  {
    name: "cpu",
    packages: ["@tensorflow/tfjs-backend-cpu"],
    hint: "it comes with @lad/backends",
    load: loadCpu,
  },
];
