import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { expect, it } from "vitest";
import { lintPublished } from "../src/lint-published";

const packages = fileURLToPath(new URL("../../../packages/", import.meta.url));
const isPublic = (name: string) =>
  JSON.parse(readFileSync(join(packages, name, "package.json"), "utf8")).private !== true;

it.each(readdirSync(packages).filter(isPublic))("publint and attw find nothing in @lad/%s", async (name) => {
  expect(await lintPublished(join(packages, name))).toEqual([]);
});

it("finds a missing file, and types of the wrong module kind", async () => {
  const { name, version, license, type, exports, files } = JSON.parse(
    readFileSync(join(packages, "core", "package.json"), "utf8"),
  );
  const { import: esm } = exports["."];
  const wrong = {
    ".": { import: esm, require: { types: esm.types, default: "./dist/index.cjs" } },
    "./x": "./dist/x.js",
  };
  const contents = {
    "package.json": JSON.stringify({ name, version, license, type, exports: wrong, files }),
    "dist/index.js": "export const a = 1;",
    "dist/index.cjs": "exports.a = 1;",
    "dist/index.d.ts": "export declare const a: number;",
  };
  const folder = mkdtempSync(join(tmpdir(), "lad-lint-"));
  try {
    for (const [path, text] of Object.entries(contents)) {
      mkdirSync(dirname(join(folder, path)), { recursive: true });
      writeFileSync(join(folder, path), text);
    }
    const found = (await lintPublished(folder)).join("\n");
    expect(found).toMatch(/publint: .*dist\/x\.js/);
    expect(found).toMatch(/types: .*"FalseESM"/);
  } finally {
    rmSync(folder, { recursive: true });
  }
});
