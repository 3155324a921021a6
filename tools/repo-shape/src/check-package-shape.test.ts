import { readFileSync } from "node:fs";
import { expect, it } from "vitest";
import { checkPackageShape } from "./check-package-shape";
import type { Manifest } from "./workspace";

const core = JSON.parse(
  readFileSync(new URL("../../../packages/core/package.json", import.meta.url), "utf8"),
) as Manifest;

it("accepts the shape", () => {
  expect(checkPackageShape(core)).toEqual([]);
});

it.each<[string, object, RegExp]>([
  ["an unknown key", { author: "x" }, /unexpected key "author"/],
  ["another licence", { license: "MIT" }, /"license" is to be "Apache-2.0"/],
  ["an export without types", { exports: { ".": "./dist/index.js" } }, /exports\["\."\]/],
  ["no package.json among the exports", { exports: {} }, /exports\["\.\/package\.json"\]/],
  ["workspace:*", { dependencies: { "@lad/boxes": "workspace:*" } }, /wanted "workspace:\^"/],
  ["a range", { dependencies: { sharp: "^0.35.5" } }, /wanted an exact version/],
  ["a stray peer", { peerDependencies: { sharp: "0.35.5" } }, /only @tensorflow\/tfjs-core/],
  ["another tfjs-core", { peerDependencies: { "@tensorflow/tfjs-core": "4.22.0" } }, /only @tensorflow\/tfjs-core/],
  ["nothing to publish", { files: [] }, /"files"/],
  ["a pre-release", { version: "1.0.0-beta.1" }, /x\.y\.z/],
  ["another build", { scripts: { build: "tsc" } }, /"build" is to be "tsup"/],
])("finds %s", (_what, change, message) => {
  expect(checkPackageShape({ ...core, ...change }).join("\n")).toMatch(message);
});

it("finds keys out of order", () => {
  const { name, version, ...rest } = core;
  expect(checkPackageShape({ version, name, ...rest } as Manifest).join()).toContain(
    "keys are to come as name, version",
  );
});

it("lets optional engines be peers", () => {
  const peers = { "@tensorflow/tfjs-node": "^4.22.0" };
  const optional = { "@tensorflow/tfjs-node": { optional: true } };
  expect(checkPackageShape({ ...core, peerDependencies: peers, peerDependenciesMeta: optional })).toEqual([]);
});

it("wants types of subpaths for older resolution, and none where there is no subpath", () => {
  const subpath = {
    import: { types: "./dist/x.d.ts", default: "./dist/x.js" },
    require: { types: "./dist/x.d.cts", default: "./dist/x.cjs" },
  };
  const exports = { ...(core.exports as object), "./x": subpath };
  expect(checkPackageShape({ ...core, exports }).join()).toContain(
    '"typesVersions" is to be {"*":{"x":["./dist/x.d.ts"]}}',
  );
  const { name, version, description, license, type, sideEffects, exports: own, main, module, types, ...rest } = core;
  const head = { name, version, description, license, type, sideEffects, exports, main, module, types };
  expect(checkPackageShape({ ...head, typesVersions: { "*": { x: ["./dist/x.d.ts"] } }, ...rest })).toEqual([]);
  expect(checkPackageShape({ ...head, exports: own, typesVersions: { "*": {} }, ...rest }).join()).toContain(
    "is to be undefined",
  );
});

it("keeps nms without dependencies", () => {
  const nms = { ...core, name: "@lad/nms", dependencies: { "@lad/core": "workspace:^" } };
  expect(checkPackageShape(nms).join()).toContain("without dependencies");
});
