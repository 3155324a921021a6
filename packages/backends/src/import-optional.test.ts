import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { LadError } from "@lad/core";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { required } from "./activate";
import { importOptional, resolveOptional } from "./import-optional";

let project = "";

beforeAll(() => {
  project = mkdtempSync(join(tmpdir(), "lad-backends-"));
  const install = (name: string, source: string) => {
    const folder = join(project, "node_modules", name);
    mkdirSync(folder, { recursive: true });
    writeFileSync(join(folder, "package.json"), JSON.stringify({ name, type: "module", exports: "./index.js" }));
    writeFileSync(join(folder, "index.js"), source);
  };
  install("lad-fake-engine", "export const version = '9.8.7';");
  install("lad-broken-engine", "throw new Error('libengine.so is not there');");
  vi.spyOn(process, "cwd").mockReturnValue(project);
});
afterAll(() => {
  vi.restoreAllMocks();
  rmSync(project, { recursive: true });
});

describe("importOptional", () => {
  it("finds a package in the working folder", async () => {
    expect(await importOptional("lad-fake-engine")).toMatchObject({ version: "9.8.7" });
    expect(resolveOptional("lad-fake-engine")).toBe(join(project, "node_modules/lad-fake-engine/index.js"));
  });

  it("finds one in the user's folder of engines, after the working folder", async () => {
    const home = mkdtempSync(join(tmpdir(), "lad-engines-"));
    vi.stubEnv("LAD_ENGINES", home);
    for (const name of ["lad-fake-engine", "lad-own-engine"]) {
      mkdirSync(join(home, "node_modules", name), { recursive: true });
      writeFileSync(join(home, "node_modules", name, "index.js"), "exports.version = 'own';");
    }
    expect(await importOptional("lad-own-engine")).toMatchObject({ version: "own" });
    expect(resolveOptional("lad-fake-engine")).toContain(project);
    vi.unstubAllEnvs();
    rmSync(home, { recursive: true });
  });

  it("finds a package that this one depends on", async () => {
    expect(await importOptional("@tensorflow/tfjs-backend-cpu")).toHaveProperty("version_cpu", "4.22.0");
  });

  it("returns nothing for one that is not installed, and throws what a broken one throws", async () => {
    expect(await importOptional("lad-no-engine")).toBeUndefined();
    await expect(importOptional("lad-broken-engine")).rejects.toThrow("libengine.so is not there");
  });
});

describe("required", () => {
  it("says what is not installed", async () => {
    expect(await required("lad-fake-engine")).toHaveProperty("version");
    const failure = required("lad-no-engine");
    await expect(failure).rejects.toThrow("lad-no-engine is not installed");
    await expect(failure).rejects.toSatisfy((error) => LadError.is(error) && error.code === "NOT_FOUND");
  });
});
