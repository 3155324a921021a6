import "@tensorflow/tfjs-backend-cpu";
import fs from "node:fs";
import { LadError } from "@lad/core";
import * as tf from "@tensorflow/tfjs-core";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { buildNative } from "./build-native";
import { importOptional } from "./import-optional";
import { loadNative } from "./load-native";
import { loadTensorflow } from "./load-tensorflow";
import { loadWebgpu } from "./load-webgpu";

vi.mock("./import-optional", () => ({ importOptional: vi.fn() }));

/** Packages that pretend to be installed. */
let installed: Record<string, Record<string, unknown>> = {};

/** Registers the cpu engine once more under another engine's name, with that engine's marks. */
function pretend(name: string, marks: object): void {
  tf.registerBackend(name, () => {
    const engine = Object.create(tf.findBackend("cpu")) as tf.KernelBackend;
    return Object.assign(engine, marks, { dispose: () => undefined });
  });
}
const setNavigator = (value: object) =>
  Object.defineProperty(globalThis, "navigator", { value, configurable: true, writable: true });
const adapter = (architecture: string) => ({ requestAdapter: async () => ({ info: { architecture } }) });
const rejects = async (promise: Promise<unknown>, message: string) => {
  await expect(promise).rejects.toThrow(message);
  await expect(promise).rejects.toSatisfy((error) => LadError.is(error) && error.code === "NOT_FOUND");
};

beforeEach(() => {
  installed = {};
  vi.mocked(importOptional)
    .mockClear()
    .mockImplementation(async (name) => installed[name]);
  setNavigator({});
});
afterEach(async () => {
  vi.unstubAllEnvs();
  vi.restoreAllMocks();
  await tf.setBackend("cpu");
  for (const name of ["native", "tensorflow", "webgpu"])
    if (tf.engine().findBackendFactory(name)) tf.removeBackend(name);
});

describe("loadNative", () => {
  it("registers the engine with the threads and the convolution that are asked for", async () => {
    const registerNative = vi.fn(async () => pretend("native", {}));
    installed["@lad/backend-native"] = { registerNative, version: "0.3.0" };
    expect(await loadNative({ threads: 2, convolution: "direct" })).toBe("0.3.0");
    expect(registerNative).toHaveBeenCalledWith({ threads: 2, convolution: "direct" });
    expect(tf.getBackend()).toBe("native");
  });

  it("is missing when it is not installed", () => rejects(loadNative({}), "@lad/backend-native is not installed"));
});

describe("buildNative", () => {
  it("asks the package to build itself", async () => {
    installed["@lad/backend-native"] = { buildAddon: async () => ({ built: false, message: "oneDNN is missing" }) };
    expect(await buildNative()).toEqual({ built: false, message: "oneDNN is missing" });
  });

  it("says that there is nothing to build", () => rejects(buildNative(), "@lad/backend-native is not installed"));
});

describe("loadTensorflow", () => {
  it("returns TensorFlow's version", async () => {
    pretend("tensorflow", { binding: { TF_Version: "2.21.0" } });
    expect(await loadTensorflow("@tensorflow/tfjs-node")).toBe("2.21.0");
    expect(tf.getBackend()).toBe("tensorflow");
  });

  it("counts the GPU build only with a device", async () => {
    pretend("tensorflow", { isUsingGpuDevice: false });
    await rejects(loadTensorflow("@tensorflow/tfjs-node-gpu"), "sees no CUDA device");
    await tf.setBackend("cpu");
    tf.removeBackend("tensorflow");
    pretend("tensorflow", { isUsingGpuDevice: true, binding: { TF_Version: "2.9.1" } });
    expect(await loadTensorflow("@tensorflow/tfjs-node-gpu")).toBe("2.9.1");
  });

  it("does not load the GPU build by itself where there is no device", async () => {
    vi.spyOn(process, "platform", "get").mockReturnValue("linux");
    const exists = vi.spyOn(fs, "existsSync").mockReturnValue(false);
    await rejects(loadTensorflow("@tensorflow/tfjs-node-gpu", { automatic: true }), "there is no NVIDIA device");
    expect(importOptional).not.toHaveBeenCalled();
    exists.mockReturnValue(true);
    await rejects(loadTensorflow("@tensorflow/tfjs-node-gpu", { automatic: true }), "is not installed");
  });

  it("starts with the threads that are asked for", async () => {
    vi.mocked(importOptional).mockImplementation(async () => {
      pretend("tensorflow", {});
      return { threads: process.env.TF_NUM_INTRAOP_THREADS };
    });
    expect(await loadTensorflow("@tensorflow/tfjs-node", { threads: 3 })).toBe("unknown");
    expect(process.env.TF_NUM_INTRAOP_THREADS).toBe("3");
    await loadTensorflow("@tensorflow/tfjs-node", { threads: 4 }); // it is loaded: too late
    expect(process.env.TF_NUM_INTRAOP_THREADS).toBe("3");
  });

  it.each([
    ["The Node.js native addon module (tfjs_binding.node) can not be found at path: /x. \nPlease run", "is not built"],
    ["/x/tfjs_binding.node: file too short", "does not load: /x/tfjs_binding.node: file too short"],
  ])("says what is wrong with the binding: %s", async (message, problem) => {
    vi.mocked(importOptional).mockRejectedValue(new Error(message));
    const failure = loadTensorflow("@tensorflow/tfjs-node");
    await expect(failure).rejects.toThrow(`@tensorflow/tfjs-node is installed, but its binding`);
    await expect(failure).rejects.toThrow(problem);
    await expect(failure).rejects.toSatisfy((error) => LadError.is(error) && error.code === "ENGINE");
  });

  it("says that an engine is there but does not start", async () => {
    tf.env().set("PROD", true);
    tf.registerBackend("tensorflow", () => Promise.reject(new Error("no binding")));
    await expect(loadTensorflow("@tensorflow/tfjs-node")).rejects.toThrow(
      "tensorflow: the engine is installed but does not start",
    );
  });
});

describe("loadWebgpu", () => {
  beforeEach(() => {
    installed["@tensorflow/tfjs-backend-webgpu"] = { version_webgpu: "4.22.0" };
    pretend("webgpu", {});
  });

  it("uses the browser's adapter", async () => {
    setNavigator({ gpu: adapter("ampere") });
    expect(await loadWebgpu({ automatic: true })).toBe("4.22.0");
    expect(tf.getBackend()).toBe("webgpu");
  });

  it("makes one of the npm package in Node", async () => {
    const create = vi.fn(() => adapter("ampere"));
    installed.webgpu = { create, globals: { GPUBufferUsageOfTest: 1 } };
    expect(await loadWebgpu({})).toBe("4.22.0");
    expect(create).toHaveBeenCalledWith([]);
    expect(globalThis).toHaveProperty("GPUBufferUsageOfTest", 1);
    expect(globalThis).toHaveProperty("navigator.gpu");
  });

  it("takes a software renderer only by name", async () => {
    setNavigator({ gpu: adapter("swiftshader") });
    await rejects(loadWebgpu({ automatic: true }), "the only WebGPU adapter is a software renderer");
    expect(await loadWebgpu({ automatic: false })).toBe("4.22.0");
  });

  it("names what is missing", async () => {
    await rejects(loadWebgpu({}), "webgpu is not installed and there is no navigator.gpu");
    setNavigator({ gpu: { requestAdapter: async () => null } });
    await rejects(loadWebgpu({}), "there is no WebGPU adapter");
    installed = {};
    await rejects(loadWebgpu({}), "@tensorflow/tfjs-backend-webgpu is not installed");
  });
});
