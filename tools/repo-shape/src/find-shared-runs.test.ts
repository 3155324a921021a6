import { expect, it } from "vitest";
import { findSharedRuns } from "./find-shared-runs";

const file = (path: string, text: string) => ({ path, text, isTest: false });
const run = (prefix: string, count: number) => Array.from({ length: count }, (_, i) => `  ${prefix}${i}();`).join("\n");

it("finds a run shared by two files, brackets, comments and indentation aside", () => {
  const first = file("a.ts", `import x from "x";\nstart();\n${run("f", 8)}\n`);
  const second = file(
    "b.ts",
    `${run("f", 4)}\n  }\n\n// a comment\n      ${run("f", 8).trim().split("\n").slice(4).join("\n{\n")}`,
  );
  expect(findSharedRuns([first, second], 8)).toEqual(["a.ts:3 and b.ts:1 share 8 lines"]);
});

it("is content with seven lines, with the same run in one file, and with equal imports", () => {
  const imports = Array.from({ length: 9 }, (_, i) => `import { a${i} } from "a${i}";`).join("\n");
  expect(findSharedRuns([file("a.ts", run("f", 7)), file("b.ts", run("f", 7))], 8)).toEqual([]);
  expect(findSharedRuns([file("a.ts", `${run("f", 8)}\n${run("f", 8)}`)], 8)).toEqual([]);
  expect(findSharedRuns([file("a.ts", imports), file("b.ts", imports)], 8)).toEqual([]);
});
