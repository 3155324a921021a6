import { expect, it } from "vitest";
import { checkSource, lineCount } from "./check-source";

const check = (text: string, path = "packages/boxes/src/some-file.ts") =>
  checkSource({ path, text, isTest: path.endsWith(".test.ts") }).join("\n");

it("accepts plain code", () => {
  const text = `import * as tf from "@tensorflow/tfjs-core";
export function addBoxes(a: tf.Tensor): tf.Tensor { return tf.mul(tf.reshape(a, [2]), new Set([1]).has(1) ? 1 : 2); }`;
  expect(check(text)).toBe("");
});

it.each([
  ["const x = y as" + " any;", "a cast to any"],
  ["// @ts-" + "ignore", "type checker"],
  ["export" + ' * from "./x";', "exports everything"],
  ["it." + 'skip("x", () => {});', "does not run"],
  ["export default 3;", "a default export"],
  ["export default function f() {}", "a default export"],
  ["function add_boxes() {}", "camelCase"],
  ["class Head {}", "a class"],
  ["const y = x.reshape([2]);", ".reshape() on a tensor"],
  ["const y = f(x).mul(2);", ".mul() on a tensor"],
])("finds %s", (text, message) => {
  expect(check(text)).toContain(message);
});

it("lets a tfjs backend be a class", () => {
  expect(check("class Native extends MathBackendCPU {}")).toBe("");
});

it("finds names that are not kebab-case", () => {
  expect(check("", "packages/boxes/src/someFile.ts")).toContain("kebab-case");
  expect(check("", "packages/boxes/src/some-file.test.ts")).toBe("");
});

it("finds a file that is too long, but lets a test be", () => {
  expect(check("\n".repeat(401))).toContain("401 lines");
  expect(check("\n".repeat(401), "packages/boxes/src/x.test.ts")).toBe("");
});

it("finds code in an index", () => {
  expect(check('export { a } from "./a";\nimport "./b";', "packages/boxes/src/index.ts")).toBe("");
  expect(check("export const a = 1;", "packages/boxes/src/index.ts")).toContain("only re-exports");
});

it("counts lines with and without a last line break", () => {
  expect([lineCount(""), lineCount("a"), lineCount("a\n"), lineCount("a\nb")]).toEqual([0, 1, 1, 2]);
});
