import { homedir } from "node:os";
import { afterEach, expect, it, vi } from "vitest";
import { engineHome } from "./engine-home";

afterEach(() => {
  vi.unstubAllEnvs();
  vi.restoreAllMocks();
});

it("is what LAD_ENGINES says, else a folder in the user's caches", () => {
  vi.stubEnv("LAD_ENGINES", "/somewhere");
  vi.stubEnv("XDG_CACHE_HOME", "/caches");
  expect(engineHome()).toBe("/somewhere");
  vi.stubEnv("LAD_ENGINES", "");
  const on = (platform: NodeJS.Platform) => vi.spyOn(process, "platform", "get").mockReturnValue(platform);
  on("linux");
  expect(engineHome()).toBe("/caches/lad/engines");
  vi.stubEnv("XDG_CACHE_HOME", "");
  expect(engineHome()).toBe(`${homedir()}/.cache/lad/engines`);
  on("darwin");
  expect(engineHome()).toBe(`${homedir()}/Library/Caches/lad/engines`);
  on("win32");
  vi.stubEnv("LOCALAPPDATA", "C:\\Local");
  expect(engineHome()).toBe("C:\\Local/lad/engines");
});
