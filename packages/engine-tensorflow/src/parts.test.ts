import { mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { LadError } from "@lad/core";
import { afterAll, describe, expect, it, vi } from "vitest";
import { fakeWheel } from "../test/fake-engine";
import { findCompiler } from "./find-compiler";
import { findNodeHeaders } from "./find-node-headers";
import { findPip, type Pip } from "./find-pip";
import { downloadWheel, findWheel } from "./find-wheel";
import { thisPlatform } from "./platform";
import { runProgram } from "./run-program";
import { writeFailure } from "./write-failure";

const folder = mkdtempSync(path.join(tmpdir(), "lad-parts-"));
afterAll(() => rmSync(folder, { recursive: true }));
const notFound = (error: unknown) => LadError.is(error) && error.code === "NOT_FOUND";

describe("findNodeHeaders", () => {
  it("are those of the dependency", () => expect(findNodeHeaders()).toMatch(/node-api-headers.include$/));

  it("says how to get them", () => {
    const absent = () => {
      throw new Error("Cannot find module");
    };
    const missing = /node_api\.h.* is missing: npm install node-api-headers/;
    expect(() => findNodeHeaders(absent)).toThrow(missing);
    expect(() => findNodeHeaders(() => path.join(folder, "package.json"))).toThrow(missing);
  });
});

describe("findCompiler", () => {
  it("takes the named one, else the platform's", async () => {
    expect(await findCompiler({ CXX: "true" })).toBe("true");
    await expect(findCompiler({ CXX: "no-such" }, "darwin")).rejects.toSatisfy(notFound);
  });
});

describe("thisPlatform", () => {
  it("knows this machine's C library, and refuses others", () => {
    if (process.platform === "linux") expect(thisPlatform().os).toBe("linux");
    expect(thisPlatform("darwin", "arm64")).toEqual({ os: "darwin", arch: "arm64", glibc: undefined });
    expect(() => thisPlatform("linux", "riscv64")).toThrow("this is linux riscv64; use the engine native or wasm");
  });
});

describe("runProgram", () => {
  it("tells exit codes, signals and missing programs apart", async () => {
    expect(await runProgram("false", [])).toMatchObject({ code: 1, signal: undefined, missing: false });
    expect(await runProgram("sh", ["-c", "echo out; echo err >&2"])).toMatchObject({
      code: 0,
      stdout: "out\n",
      stderr: "err\n",
    });
    expect(await runProgram("sh", ["-c", "kill -SEGV $$"])).toMatchObject({ code: undefined, signal: "SIGSEGV" });
    expect(await runProgram("no-such-program", [])).toMatchObject({ code: undefined, missing: true });
  });
});

describe("writeFailure", () => {
  it("explains full and read-only disks and passes the rest on", () => {
    const failure = (code: string) => writeFailure(Object.assign(new Error(code), { code }), "/x");
    expect(`${failure("EDQUOT")}`).toContain("the disk of /x is full");
    expect(`${failure("EROFS")}`).toContain("/x cannot be written (EROFS)");
    expect(failure("EIO")).toMatchObject({ code: "EIO" });
    expect(writeFailure(undefined, "/x")).toBeUndefined();
  });
});

// the machine's own pip on a folder of wheels; a machine without pip shows what findPip says
it("findWheel and downloadWheel get the wheel of another Python from the real pip", { timeout: 180_000 }, async () => {
  const pip = await findPip({}).catch((error: unknown) => error);
  if (LadError.is(pip)) {
    expect(pip.message).toContain("apt-get install python3");
    return;
  }
  for (const python of ["cp310", "cp313"]) {
    // no Python is both
    const { file, bytes } = fakeWheel({ python, version: "2.1.0", name: "lad_no_such_package" });
    writeFileSync(path.join(folder, file), bytes);
  }
  vi.stubEnv("PIP_NO_INDEX", "1");
  vi.stubEnv("PIP_FIND_LINKS", folder);
  const found = await findWheel(pip as Pip, ["lad-no-such-name", "lad-no-such-package"]);
  expect(found.file).toMatch(/^lad_no_such_package-2\.1\.0-cp31[03]/);
  const target = mkdtempSync(path.join(folder, "into-"));
  expect(await downloadWheel(pip as Pip, found, target)).toBe(path.join(target, found.file));
  expect(readdirSync(target)).toEqual([found.file]);
  vi.unstubAllEnvs();
});
