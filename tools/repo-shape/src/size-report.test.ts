import { expect, it } from "vitest";
import { medianLines, sizeRow } from "./size-report";
import type { WorkspacePackage } from "./workspace";

const file = (path: string, lines: number, isTest = false) => ({
  path,
  text: `${"x();\n".repeat(lines - 1)}const f = () => 1;\n`,
  isTest,
});
const one: WorkspacePackage = {
  name: "one",
  folder: "packages/one",
  manifest: { name: "@lad/one", version: "0.1.0" },
  files: [
    { path: "src/index.ts", text: 'export { a } from "./a";\n', isTest: false },
    { path: "src/types.ts", text: "export type A = { f(): number; g: () => void };\n", isTest: false },
    { path: "src/table.ts", text: "export const table = [1, 2, 3];\n", isTest: false },
    file("src/a.ts", 10),
    file("src/b.ts", 30),
    file("src/c.ts", 20),
    file("src/a.test.ts", 60, true),
  ],
};

it("counts source and test lines", () => {
  expect(sizeRow(one)).toEqual({ name: "one", files: 3, sourceLines: 60, testLines: 60, ratio: 1 });
  expect(sizeRow({ ...one, files: [] }).ratio).toBe(0);
});

it("takes the median over files, indexes left out", () => {
  expect(medianLines([one])).toBe(10); // of 1, 1, 10, 20, 30
  expect(medianLines([])).toBe(0);
});
