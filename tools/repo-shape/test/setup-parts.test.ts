import { spawn, spawnSync } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, rmSync, utimesSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { cleanEnvironment, pnpmVersion, root, workspaceFolders } from "../../../scripts/lib/environment.mjs";
import { withLock } from "../../../scripts/lib/lock.mjs";
import { contentHash, stamp, statusHash } from "../../../scripts/lib/stamp.mjs";

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "lad-setup-"));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

describe("cleanEnvironment", () => {
  const clean = cleanEnvironment({
    PATH: "/bin",
    HOME: "/home",
    NODE_ENV: "production",
    INIT_CWD: "/elsewhere",
    npm_config_registry: "http://localhost:4873/",
    npm_config_cafile: "ca.pem",
    npm_config_prefix: "/usr",
    npm_config_omit: "dev",
    npm_config_global: "true",
    npm_lifecycle_event: "test",
    npm_package_name: "lad",
  });

  it("keeps what says where packages come from", () => {
    expect(clean).toMatchObject({
      HOME: "/home",
      npm_config_registry: "http://localhost:4873/",
      npm_config_cafile: "ca.pem",
    });
  });

  it("drops what npm hands down and pnpm would take for its own, and NODE_ENV", () => {
    const left = Object.keys(clean).filter((name) => /^npm_|NODE_ENV|INIT_CWD/.test(name));
    expect(left.sort()).toEqual(["npm_config_cafile", "npm_config_registry"]);
  });

  it("puts our programs first on the PATH", () => {
    const path = (clean.PATH ?? "").split(delimiter);
    expect(path.at(-1)).toBe("/bin");
    expect(path[0]).toBe(join(root, "node_modules", ".bin"));
  });
});

describe("stamps", () => {
  it("match what they were ended with, and nothing after a step that was cut off", () => {
    const done = stamp(join(folder, "deep", "stamp"));
    expect(done.matches("a")).toBe(false);
    done.end("a");
    expect([done.matches("a"), done.matches("b")]).toEqual([true, false]);
    done.begin();
    expect(done.matches("a")).toBe(false);
  });

  it("tell contents apart, a missing file from an empty one, and other facts", () => {
    const file = join(folder, "x");
    const missing = contentHash([file]);
    writeFileSync(file, "");
    const empty = contentHash([file]);
    writeFileSync(file, "1");
    expect(new Set([missing, empty, contentHash([file]), contentHash([file], "node 22")]).size).toBe(4);
    expect(contentHash([file])).toBe(contentHash([file]));
  });

  it("see a file written anew below a folder", () => {
    const file = join(folder, "src", "x");
    mkdirSync(join(folder, "src"));
    writeFileSync(file, "1");
    const before = statusHash([folder]);
    expect(statusHash([folder])).toBe(before);
    utimesSync(file, 1, 1);
    expect(statusHash([folder])).not.toBe(before);
    expect(statusHash([join(folder, "not there")])).toBe(statusHash([]));
  });
});

describe("withLock", () => {
  const lock = () => join(folder, "lock");

  it("returns what the action returns and gives the lock back, also after a throw", () => {
    expect(withLock(lock(), () => existsSync(lock()))).toBe(true);
    expect(() =>
      withLock(lock(), () => {
        throw new Error("broken");
      }),
    ).toThrow("broken");
    expect(existsSync(lock())).toBe(false);
  });

  it("takes over from a process that died", () => {
    const { pid } = spawnSync(process.execPath, ["-e", ""]);
    mkdirSync(lock());
    writeFileSync(join(lock(), "pid"), String(pid));
    expect(withLock(lock(), () => "mine")).toBe("mine");
  });

  it("waits for a process that is alive", async () => {
    mkdirSync(lock());
    const held = `const fs = require("fs"); fs.writeFileSync(${JSON.stringify(join(lock(), "pid"))}, String(process.pid));
      console.log("held"); setTimeout(() => fs.rmSync(${JSON.stringify(lock())}, { recursive: true }), 500);`;
    const holder = spawn(process.execPath, ["-e", held], { stdio: ["ignore", "pipe", "inherit"] });
    await new Promise((resolve) => holder.stdout.once("data", resolve));
    let waited = 0;
    withLock(
      lock(),
      () => {},
      () => waited++,
    );
    expect(waited).toBe(1);
    holder.kill();
  });
});

it("knows the workspace and its pnpm", () => {
  expect(pnpmVersion).toMatch(/^\d+\.\d+\.\d+$/);
  expect(workspaceFolders()).toEqual(expect.arrayContaining(["benchmarks", "packages/core", "tools/repo-shape"]));
});
