import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import path from "node:path";
import { LadError } from "@lad/core";
import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { fakeWorkplace, type Workplace } from "../test/fake-engine";
import { installPackage } from "./install-package";
import { removeTensorflowEngine } from "./remove-engine";

/** Installs what a killed run would leave, a package without a manifest, and ends as FAKE_NPM says. */
const npmSource = `#!/bin/sh
echo "$*" > "$HOME_FOLDER/arguments"
mkdir -p "$HOME_FOLDER/node_modules/@tensorflow/tfjs-node/dist"
eval "$FAKE_NPM"
cp "$PACKAGE/package.json" "$HOME_FOLDER/node_modules/@tensorflow/tfjs-node"
cp "$PACKAGE/dist/index.js" "$HOME_FOLDER/node_modules/@tensorflow/tfjs-node/dist"
`;

let place: Workplace;
const home = () => place.at("home");
const install = (npm = place.at("npm")) => installPackage(false, () => {}, npm);

beforeEach(async () => {
  place = await fakeWorkplace();
  mkdirSync(place.at("elsewhere"));
  vi.spyOn(process, "cwd").mockReturnValue(place.at("elsewhere"));
  vi.stubEnv("HOME_FOLDER", home());
  vi.stubEnv("PACKAGE", place.folder);
  writeFileSync(place.at("npm"), npmSource, { mode: 0o755 });
});
afterEach(() => place.remove());

it("uses the package that is there", async () => {
  vi.mocked(process.cwd).mockReturnValue(place.at("project"));
  expect(await install("no-such-npm")).toMatchObject({ folder: place.folder, own: false });
  expect(existsSync(home())).toBe(false);
});

it("installs a missing one into the user's folder of engines, without scripts, once, and removes it again", async () => {
  const folder = path.join(home(), "node_modules/@tensorflow/tfjs-node");
  expect(await install()).toMatchObject({ folder, version: "4.22.0", own: true });
  expect(readFileSync(path.join(home(), "arguments"), "utf8")).toMatch(
    /--ignore-scripts .*@tensorflow\/tfjs-node@4\.22\.0\n$/,
  );
  rmSync(path.join(home(), "arguments"));
  expect(await install()).toMatchObject({ folder });
  expect(existsSync(path.join(home(), "arguments"))).toBe(false);
  mkdirSync(path.join(folder, "lib"));
  expect(await removeTensorflowEngine()).toMatchObject({ folder });
  expect(existsSync(folder)).toBe(false);
});

it("says why npm failed, and does not take what it left for a package", async () => {
  vi.stubEnv("FAKE_NPM", "echo 'npm error code ENOTFOUND\nnpm error network no way to the registry' >&2; exit 1");
  await expect(install()).rejects.toThrow(`npm did not install @tensorflow/tfjs-node into ${home()}: network no way`);
  vi.stubEnv("FAKE_NPM", "echo 'npm error nospc ENOSPC: No space left on device' >&2; exit 1");
  await expect(install()).rejects.toThrow(`the disk of ${home()} is full`);
  const failure = install("no-such-npm");
  await expect(failure).rejects.toThrow("there is no npm; install @tensorflow/tfjs-node with your package manager");
  await expect(failure).rejects.toSatisfy((error) => LadError.is(error) && error.code === "NOT_FOUND");
  vi.stubEnv("FAKE_NPM", "");
  expect(await install()).toMatchObject({ version: "4.22.0" });
});
