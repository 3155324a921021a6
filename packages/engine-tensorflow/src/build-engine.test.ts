import { mkdir, readdir, readFile, writeFile } from "node:fs/promises";
import path from "node:path";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { fakeWorkplace, type Workplace } from "../test/fake-engine";
import { buildTensorflowEngine } from "./build-engine";
import { builtList } from "./built-list";
import { readEnginePackage } from "./engine-package";
import { engineState } from "./engine-state";
import { proveEngine } from "./prove-engine";
import { removeTensorflowEngine } from "./remove-engine";

let place: Workplace;
beforeEach(async () => {
  place = await fakeWorkplace();
});
afterEach(() => place.remove());
const installed = () => readEnginePackage("@tensorflow/tfjs-node", place.folder);

describe("buildTensorflowEngine", () => {
  it("builds what is missing, says so, and undoes it", async () => {
    await place.addWheel();
    const lines: string[] = [];
    const result = await buildTensorflowEngine({ log: (line) => lines.push(line) });
    expect(result).toMatchObject({
      built: true,
      tensorflow: "2.21.0",
      gpu: false,
      package: { folder: place.folder, own: false },
    });
    expect(lines.map((line) => line.split(" ", 2).join(" "))).toEqual(["pip gets", "unpacking the", "compiling the"]);
    expect(await proveEngine(installed())).toEqual({ tensorflow: "2.21.0", gpu: false });
    const state = engineState(installed());
    expect(state).toMatchObject({
      kind: "built",
      record: { tensorflow: "2.21.0", wheels: [expect.stringMatching(/^tensorflow_cpu-2/)] },
    });
    const folder = state.kind === "built" ? state.folder : "";
    expect((await readdir(folder, { recursive: true })).sort()).toEqual([
      "engine.json",
      "tensorflow",
      "tensorflow/libtensorflow_cc.so.2",
      "tensorflow/libtensorflow_framework.so.2",
      "tfjs_binding.node",
    ]);
    expect(Object.keys(builtList())).toEqual([place.folder]);
    expect(await removeTensorflowEngine()).toMatchObject({ folder: place.folder });
    expect(await readdir(place.lib, { recursive: true })).toEqual(["napi-v8"]);
    expect(builtList()).toEqual({});
    expect(await removeTensorflowEngine()).toBeUndefined();
  });

  it("leaves an engine that works alone, the published one even when a wheel is given", async () => {
    const wheel = await place.addWheel();
    await mkdir(path.dirname(place.binding), { recursive: true });
    await writeFile(place.binding, "binding of 2.9.1");
    const before = await place.contents();
    expect(await buildTensorflowEngine({ wheels: [wheel] })).toMatchObject({ built: false, tensorflow: "2.9.1" });
    expect(await place.contents()).toEqual(before);
  });

  it("replaces its own engine by that of a given wheel, and only then", async () => {
    await buildTensorflowEngine({ wheels: [await place.addWheel()] });
    const newer = await place.addWheel({ version: "2.22.0", name: "tensorflow" });
    expect(await buildTensorflowEngine()).toMatchObject({ built: false, tensorflow: "2.21.0" });
    expect(await buildTensorflowEngine({ wheels: [newer] })).toMatchObject({ built: true, tensorflow: "2.22.0" });
    expect((await readdir(place.lib)).filter((name) => name.startsWith("lad-"))).toHaveLength(1);
  });

  it("replaces a binding of others that does not load, and gives it back", async () => {
    await place.addWheel();
    await mkdir(path.dirname(place.binding), { recursive: true });
    await writeFile(place.binding, "cut o");
    expect(await buildTensorflowEngine()).toMatchObject({ built: true });
    await removeTensorflowEngine();
    expect(await readFile(place.binding, "utf8")).toBe("cut o");
  });

  it("takes the wheel of another Python where pip's own has none", async () => {
    await place.addWheel({ python: "cp312" });
    expect(await buildTensorflowEngine()).toMatchObject({ built: true, tensorflow: "2.21.0" });
  });

  it("adds the CUDA packages that the wheel names, those given and those pip finds", async () => {
    const gpu = path.join(path.dirname(place.folder), "tfjs-node-gpu");
    await mkdir(gpu);
    for (const name of ["package.json", "dist/index.js", "binding/tfjs_binding.cc"]) {
      await mkdir(path.dirname(path.join(gpu, name)), { recursive: true });
      await writeFile(path.join(gpu, name), await readFile(path.join(place.folder, name)));
    }
    const extra = ["cublas-cu12<13.0,>=12.5", "cudnn-cu12 (>=9.3)"].map(
      (name) => `Requires-Dist: nvidia-${name}; extra == "and-cuda"\n`,
    );
    const tensorflow = await place.addWheel({ name: "tensorflow", metadata: extra.join("") });
    const cublas = await place.addWheel({
      name: "nvidia_cublas_cu12",
      version: "12.9",
      files: { "nvidia/cublas/lib/libcublas.so.12": "blas" },
    });
    await place.addWheel({
      name: "nvidia_cudnn_cu12",
      version: "9.9",
      files: { "nvidia/cudnn/lib/libcudnn.so.9": "dnn", "nvidia/cudnn/include/cudnn.h": "" },
    });
    const result = await buildTensorflowEngine({ gpu: true, wheels: [cublas, tensorflow] });
    expect(result).toMatchObject({ built: true, package: { name: "@tensorflow/tfjs-node-gpu", folder: gpu } });
    const state = engineState(result.package);
    const files = state.kind === "built" ? await readdir(state.folder, { recursive: true }) : [];
    expect(files.filter((name) => /^nvidia.*\./.test(name)).sort()).toEqual([
      "nvidia/cublas/lib/libcublas.so.12",
      "nvidia/cudnn/lib/libcudnn.so.9",
    ]);
  });

  it("does not run elsewhere than on Linux and macOS", async () => {
    vi.spyOn(process, "platform", "get").mockReturnValue("win32");
    await expect(buildTensorflowEngine()).rejects.toThrow("wanted Linux or macOS on x64 or arm64, this is win32");
  });
});
