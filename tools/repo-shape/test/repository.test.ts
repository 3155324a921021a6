import { readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { checkImports } from "../src/check-imports";
import { checkPackageShape } from "../src/check-package-shape";
import { checkSource } from "../src/check-source";
import { findPrivateNames } from "../src/find-private-names";
import { findSharedRuns } from "../src/find-shared-runs";
import { medianLines, sizeRow } from "../src/size-report";
import { publicPackages, readPackages, readTextIfAny, root, trackedFiles } from "../src/workspace";

const packages = readPackages();
const published = publicPackages();

describe.each(packages.map((each) => [each.manifest.name, each] as const))("%s", (_name, each) => {
  it("imports only what lies below it", () => {
    expect(checkImports(each)).toEqual([]);
  });

  it("keeps to the names, sizes and exports of the house", () => {
    expect(each.files.flatMap(checkSource)).toEqual([]);
  });
});

describe.each(published.map((each) => [each.manifest.name, each] as const))("%s, published", (name, each) => {
  it("has the one shape of package.json", () => {
    expect(checkPackageShape(each.manifest)).toEqual([]);
  });

  it("has at least 0.4 lines of test for a line of source", () => {
    expect(sizeRow(each).ratio).toBeGreaterThanOrEqual(0.4);
  });

  it("has a README with a snippet", () => {
    expect(readTextIfAny(`${each.folder}/README.md`) ?? "no README.md").toMatch(/^```(?:ts|js|bash|sh)\n[\s\S]+?^```/m);
  });

  it("has a change log or a changeset that will start one", () => {
    const changeset = trackedFiles()
      .filter((path) => /^\.changeset\/.*\.md$/.test(path))
      .some((path) => readTextIfAny(path)?.includes(`"${name}":`));
    expect(changeset || readTextIfAny(`${each.folder}/CHANGELOG.md`) !== undefined).toBe(true);
  });
});

it("finds no run of 8 lines that two files of heads and distill share", () => {
  const files = packages.filter(({ name }) => name === "heads" || name === "distill").flatMap((each) => each.files);
  const sources = files.filter((file) => !file.isTest);
  expect(findSharedRuns(sources, 8)).toEqual([]);
});

it("keeps every file of a distillation method or term to 60 lines", () => {
  const files = packages.find(({ name }) => name === "distill")!.files.filter(({ isTest }) => !isTest);
  const methods = files.filter(({ text }) => /^(\)|export function .*\)): (Term<|Method\b)/m.test(text));
  expect(methods.length).toBeGreaterThan(7);
  expect(methods.filter(({ text }) => text.trimEnd().split("\n").length > 60).map(({ path }) => path)).toEqual([]);
});

it("names no machine or package host in a tracked file", () => {
  const texts = trackedFiles().filter((path) => statSync(join(root, path)).size < 2 ** 20 && !isBinary(path));
  const named = texts.flatMap((path) =>
    findPrivateNames(readFileSync(join(root, path), "utf8")).map((line) => `${path}:${line}`),
  );
  expect(named).toEqual([]);
});

function isBinary(path: string): boolean {
  return /\.(?:safetensors|pth|pkl|png|jpe?g|zip|gz|npy|node|wasm)$/.test(path);
}

it("keeps the median source file short", () => {
  const rows = packages.map(sizeRow);
  const line = ({ name, files, sourceLines, testLines, ratio }: (typeof rows)[number]) =>
    `${name.padEnd(12)} ${String(files).padStart(3)} files ${String(sourceLines).padStart(5)} lines, ${String(testLines).padStart(5)} of test (${ratio.toFixed(2)})`;
  console.log(`${rows.map(line).join("\n")}\nmedian source file: ${medianLines(packages)} lines`);
  expect(medianLines(packages)).toBeLessThanOrEqual(100);
});
