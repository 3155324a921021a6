import { LadError } from "@lad/core";
import { buildTensorflowEngine, checkTensorflowEngine, removeTensorflowEngine } from "@lad/engine-tensorflow";
import { beforeEach, expect, it, vi } from "vitest";
import { run } from "../../test/tiny";

vi.mock(import("@lad/engine-tensorflow"), async (original) => ({
  ...(await original()),
  buildTensorflowEngine: vi.fn(),
  checkTensorflowEngine: vi.fn(),
  removeTensorflowEngine: vi.fn(),
}));
const installed = {
  name: "@tensorflow/tfjs-node" as const,
  folder: "/project/node_modules/@tensorflow/tfjs-node",
  version: "4.22.0",
  binding: "",
  own: false,
};
const engine = (...argv: string[]) => run("engine", ...argv);

beforeEach(() => {
  vi.mocked(buildTensorflowEngine).mockReset();
});

it("builds the engine with the wheels that are given and says how to use and undo it", async () => {
  vi.mocked(buildTensorflowEngine).mockImplementation(async (options) => {
    options?.log?.("compiling");
    return { built: true, tensorflow: "2.21.0", gpu: false, package: installed };
  });
  const { code, terminal } = await engine("tensorflow", "--wheel", "a.whl", "--wheel", "b.whl");
  expect(code).toBe(0);
  expect(buildTensorflowEngine).toHaveBeenCalledWith(
    expect.objectContaining({ gpu: false, wheels: ["a.whl", "b.whl"] }),
  );
  expect(terminal.lines).toEqual([`built: TensorFlow 2.21.0 in ${installed.folder}`]);
  expect(terminal.notes).toEqual([
    "compiling …",
    "use: lad train … --backend tensorflow; undo: lad engine tensorflow --remove",
  ]);
});

it("says that a GPU build sees no device, and that a working engine was left alone", async () => {
  vi.mocked(buildTensorflowEngine).mockResolvedValue({
    built: false,
    tensorflow: "2.21.0",
    gpu: false,
    package: installed,
  });
  const { text } = await engine("tensorflow", "--gpu");
  expect(text).toContain("works already, left alone: TensorFlow 2.21.0");
  expect(text).toContain("--backend tensorflow-gpu; undo: lad engine tensorflow --gpu --remove");
  expect(text).toContain("no CUDA device is seen: lad doctor says more");
});

it("fails with the reason", async () => {
  vi.mocked(buildTensorflowEngine).mockRejectedValue(new LadError("NOT_FOUND", "there is no C++ compiler"));
  expect(await engine("tensorflow")).toMatchObject({
    code: 1,
    text: expect.stringContaining("error: there is no C++ compiler"),
  });
});

it("checks without building", async () => {
  const findings = [
    { what: "engine", ok: false, detail: "not installed" },
    { what: "compiler", ok: true, detail: "g++" },
  ];
  vi.mocked(checkTensorflowEngine).mockResolvedValueOnce({ works: false, canBuild: true, findings });
  const { code, text } = await engine("tensorflow", "--check");
  expect(code).toBe(1);
  expect(text).toBe("  engine    missing  not installed\n  compiler  ok       g++\neverything to build it is there");
  vi.mocked(checkTensorflowEngine).mockResolvedValueOnce({ works: true, canBuild: true, findings: [] });
  expect((await engine("tensorflow", "--check")).code).toBe(0);
  expect(buildTensorflowEngine).not.toHaveBeenCalled();
});

it("removes what it built", async () => {
  vi.mocked(removeTensorflowEngine).mockResolvedValueOnce(installed).mockResolvedValueOnce(undefined);
  expect((await engine("tensorflow", "--remove")).text).toBe(`removed from ${installed.folder}`);
  expect((await engine("tensorflow", "--remove", "--gpu")).text).toBe("nothing of it is in @tensorflow/tfjs-node-gpu");
});

it("refuses other engines and both of two", async () => {
  expect(await engine("cuda")).toMatchObject({
    code: 2,
    text: expect.stringContaining('wanted tensorflow, got "cuda"'),
  });
  expect(await engine("tensorflow", "--check", "--remove")).toMatchObject({
    code: 2,
    text: expect.stringContaining("exclude each other"),
  });
});
