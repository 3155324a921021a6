import { LadError } from "@lad/core";
import * as tf from "@tensorflow/tfjs-core";
import { describe, expect, it, vi } from "vitest";
import type { Engine } from "./engines";
import { resolveOptional } from "./import-optional";
import { listBackends } from "./list-backends";
import { isSoftware } from "./load-webgpu";
import { chooseEngine, useBackend } from "./use-backend";

const engine = (name: Engine["name"], load: () => Promise<string>): Engine => ({
  name,
  packages: [],
  hint: `install ${name}`,
  load,
});
const missing = engine("tensorflow", async () => {
  throw new LadError("NOT_FOUND", "tfjs-node is not installed");
});
const broken = engine("native", async () => {
  throw new Error("libdnnl.so: not found \n at somewhere");
});
const good = engine("cpu", async () => "1.2.3");

describe("chooseEngine", () => {
  it("takes the first that loads; a missing one is silent, a broken one gives one line", async () => {
    const lines: string[] = [];
    const info = await chooseEngine([missing, broken, good], "auto", { log: (line) => lines.push(line) });
    expect(info).toEqual({
      name: "cpu",
      version: "1.2.3",
      tried: [
        { name: "tensorflow", reason: "tfjs-node is not installed" },
        { name: "native", reason: "libdnnl.so: not found" },
      ],
    });
    expect(lines).toEqual(["native is installed but does not load (libdnnl.so: not found); trying the next engine"]);
  });

  it("passes options on and tells engines whether they were named", async () => {
    const load = vi.fn(async () => "1");
    await chooseEngine([{ ...good, load }], "auto", { threads: 3 });
    await chooseEngine([{ ...good, load }], "cpu", { wasmPath: "/w/" });
    expect(load.mock.calls).toEqual([[{ threads: 3, automatic: true }], [{ wasmPath: "/w/", automatic: false }]]);
  });

  it("says how to get a named engine that does not load", async () => {
    const failure = chooseEngine([missing, good], "tensorflow", {});
    await expect(failure).rejects.toThrow(
      "useBackend: tensorflow did not load: tfjs-node is not installed; install tensorflow",
    );
    await expect(failure).rejects.toSatisfy((error) => LadError.is(error) && error.code === "ENGINE");
    await expect(chooseEngine([missing, broken], "auto", { log: () => undefined })).rejects.toThrow(
      "useBackend: no engine loads (tensorflow: tfjs-node is not installed; native: libdnnl.so: not found)",
    );
    await expect(chooseEngine([good], "cuda" as "cpu", {})).rejects.toThrow(
      "useBackend: wanted one of auto, cpu, got cuda",
    );
  });
});

describe("useBackend", () => {
  it("starts the engines that ship with it, and again, without a word", async () => {
    const spies = (["log", "warn", "error"] as const).map((name) => vi.spyOn(console, name));
    for (const name of ["wasm", "cpu", "wasm"] as const) {
      const info = await useBackend(name);
      expect(info).toMatchObject({ name, version: "4.22.0", tried: [] });
      expect(tf.getBackend()).toBe(name);
      const values = tf.tidy(() => [
        ...tf
          .grad((x) => tf.sum(tf.square(x)))(tf.tensor1d([1, 2]))
          .dataSync(),
      ]);
      expect(values).toEqual([2, 4]);
    }
    for (const spy of spies) expect(spy).not.toHaveBeenCalled();
  });

  it("finds an engine by itself", async () => {
    const { name, tried } = await useBackend("auto", { log: () => undefined });
    const order = listBackends().map((entry) => entry.name);
    expect(tried.map((entry) => entry.name)).toEqual(order.slice(0, order.indexOf(name)));
    expect(tf.getBackend()).toBe(name.replace("-gpu", ""));
  });
});

describe("what is installed", () => {
  it("is found without loading it", () => {
    expect(resolveOptional("@tensorflow/tfjs-backend-wasm")).toMatch(/tf-backend-wasm\.node\.js$/);
    expect(resolveOptional("@lad/there-is-no-such-package")).toBeUndefined();
    const entries = listBackends();
    expect(entries.map((entry) => entry.name)).toEqual([
      "tensorflow-gpu",
      "native",
      "tensorflow",
      "webgpu",
      "wasm",
      "cpu",
    ]);
    for (const name of ["wasm", "cpu"])
      expect(entries.find((entry) => entry.name === name)).toMatchObject({ installed: true });
    for (const { hint } of entries) expect(hint).toMatch(/install|@lad\/backends/);
  });

  it("counts software renderers as none", () => {
    expect(isSoftware({ info: { vendor: "google", architecture: "swiftshader" } })).toBe(true);
    expect(isSoftware({ info: { description: "llvmpipe (LLVM 15)" } })).toBe(true);
    expect(isSoftware({ isFallbackAdapter: true })).toBe(true);
    expect(isSoftware({ info: { vendor: "nvidia", architecture: "ampere" } })).toBe(false);
  });
});
