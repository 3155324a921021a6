import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { expect, it } from "vitest";
import { nativeSuite } from "../test/native-suite";
import { buildAddon } from "./build-addon";

nativeSuite("buildAddon", () => {
  it("leaves an add-on that is up to date as it is", async () => {
    expect(await buildAddon()).toEqual({ built: true, message: expect.stringContaining("is up to date") });
  });

  it("tells what the script tells when it fails", async () => {
    const folder = mkdtempSync(join(tmpdir(), "lad-build-"));
    const script = join(folder, "build.mjs");
    writeFileSync(script, "console.log('this is missing: a compiler'); process.exitCode = 1;");
    expect(await buildAddon(pathToFileURL(script))).toEqual({ built: false, message: "this is missing: a compiler" });
    rmSync(folder, { recursive: true });
  });
});
