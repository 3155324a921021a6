import { expect, it, vi } from "vitest";
import { examineBackend } from "./examine-backend";

it("says what an engine is that works", async () => {
  expect(await examineBackend("cpu")).toEqual({
    name: "cpu",
    works: true,
    version: "4.22.0",
    startMs: expect.any(Number),
    device: "CPU",
    threads: 1,
  });
  expect(await examineBackend("wasm")).toMatchObject({ name: "wasm", works: true, device: "CPU, SIMD", threads: 1 });
});

it("says which engine auto takes", async () => {
  const log = vi.fn();
  const { name, works } = await examineBackend("auto", { log });
  expect(works).toBe(true);
  expect(["native", "wasm", "tensorflow"]).toContain(name);
});

it("says why one does not work, and how to get it", async () => {
  vi.stubEnv("LAD_ENGINES", "/nowhere");
  expect(await examineBackend("tensorflow-gpu")).toEqual({
    name: "tensorflow-gpu",
    works: false,
    reason: "@tensorflow/tfjs-node-gpu is not installed",
    hint: "on a machine with an NVIDIA driver npx lad engine tensorflow --gpu installs and builds it",
  });
  expect(await examineBackend("cuda" as "cpu")).toMatchObject({
    works: false,
    reason: expect.stringContaining("got cuda"),
  });
  vi.unstubAllEnvs();
});
