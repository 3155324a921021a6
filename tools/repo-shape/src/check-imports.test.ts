import { expect, it } from "vitest";
import { checkImports, importedModules } from "./check-imports";
import type { WorkspacePackage } from "./workspace";

const boxes = (
  text: string,
  { isTest = false, dependencies = {} as Record<string, string> } = {},
): WorkspacePackage => ({
  name: "boxes",
  folder: "packages/boxes",
  manifest: { name: "@lad/boxes", version: "0.1.0", dependencies: { "@lad/core": "workspace:^", ...dependencies } },
  files: [{ path: `packages/boxes/src/x${isTest ? ".test" : ""}.ts`, text, isTest }],
});

it("sees every way to import, and no comment", () => {
  const text = `
    import a from "one"; import "two"; export { b } from "three";
    const c = await import("four"); const d = require("five"); type E = import("six").E;
    // import "seven"
    /* import "eight" */`;
  expect(importedModules(text).sort()).toEqual(["five", "four", "one", "six", "three", "two"]);
});

it("finds nothing wrong with an import of a declared package below", () => {
  expect(checkImports(boxes('import { ndArray } from "@lad/core";'))).toEqual([]);
});

it("finds an import upwards, in the sources and in package.json", () => {
  const problems = checkImports(
    boxes('import { nms } from "@lad/nms";', { dependencies: { "@lad/nms": "workspace:^" } }),
  );
  expect(problems).toEqual([
    "@lad/boxes declares @lad/nms, which is not below it",
    "packages/boxes/src/x.ts imports @lad/nms, which is not below @lad/boxes",
  ]);
});

it("finds an engine, and Node in what runs in a browser", () => {
  const problems = checkImports(boxes('import "@tensorflow/tfjs-backend-cpu";\nimport "node:fs";'));
  expect(problems).toHaveLength(4);
  expect(problems.join("\n")).toMatch(
    /does not declare[\s\S]*names the engine[\s\S]*needs no engine[\s\S]*in a browser/,
  );
});

it("lets a package have a part for Node, which the rest does not import", () => {
  const [file] = boxes("").files;
  const inPart = (path: string, text: string) => checkImports({ ...boxes(""), files: [{ ...file!, path, text }] });
  expect(inPart("packages/boxes/src/node/read.ts", 'import "node:fs";')).toEqual([]);
  expect(inPart("packages/boxes/src/node/index.ts", 'export { read } from "./read";')).toEqual([]);
  expect(inPart("packages/boxes/src/index.ts", 'export { read } from "./node/read";')).toEqual([
    "packages/boxes/src/index.ts imports ./node/read, but has to run in a browser",
  ]);
});

it("lets a test use vitest and Node, but nothing that is not declared", () => {
  expect(checkImports(boxes('import { it } from "vitest"; import "node:fs";', { isTest: true }))).toEqual([]);
  expect(checkImports(boxes('import "sharp";', { isTest: true }))).toHaveLength(1);
});

it("wants a place in the layers", () => {
  expect(checkImports({ ...boxes(""), name: "stranger" })[0]).toContain("no place");
});
