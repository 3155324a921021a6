import { buildNative, useBackend } from "@lad/backends";
import { LadError } from "@lad/core";
import { beforeEach, expect, it, vi } from "vitest";
import { collectingTerminal } from "../../test/collecting-terminal";
import { lad } from "../lad";

vi.mock("@lad/backends", async (original) => ({
  ...(await original<object>()),
  buildNative: vi.fn(),
  useBackend: vi.fn(),
}));

beforeEach(() => {
  vi.mocked(useBackend).mockResolvedValue({ name: "native", version: "1.2.3", tried: [] });
});

it("says that the engine runs", async () => {
  const terminal = collectingTerminal();
  expect(await lad(["native"], terminal)).toBe(0);
  expect(terminal.text()).toContain("the native engine runs: @lad/backend-native 1.2.3");
  expect(buildNative).not.toHaveBeenCalled();
});

it("builds it first where that is asked for", async () => {
  vi.mocked(buildNative).mockResolvedValue({ built: true, message: "lad-native.node is built" });
  const terminal = collectingTerminal();
  expect(await lad(["native", "--build"], terminal)).toBe(0);
  expect(terminal.notes.at(-1)).toBe("lad-native.node is built");
  expect(terminal.lines).toEqual(["the native engine runs: @lad/backend-native 1.2.3"]);
});

it("fails with what is missing", async () => {
  vi.mocked(buildNative).mockResolvedValue({ built: false, message: "this is missing: oneDNN" });
  const terminal = collectingTerminal();
  expect(await lad(["native", "--build"], terminal)).toBe(1);
  expect(terminal.text()).toContain("this is missing: oneDNN");
  vi.mocked(useBackend).mockRejectedValue(new LadError("ENGINE", "useBackend: native did not load: no add-on"));
  expect(await lad(["native"], terminal)).toBe(1);
  expect(terminal.text()).toContain("native did not load: no add-on");
});
