import { expect, test } from "vitest";
import { columns, table } from "./table";

test("numbers to the right, text to the left", () => {
  expect(
    table(
      ["name", "AP"],
      [
        ["a", "5.0"],
        ["longer", "47.6"],
        ["none", "-"],
      ],
    ),
  ).toBe(["name      AP", "------  ----", "a        5.0", "longer  47.6", "none       -"].join("\n"));
});

test("a table without rows is its head", () => {
  expect(table(["a", "b"], [])).toBe("a  b\n-  -");
});

test("columns are indented and lose trailing blanks", () => {
  expect(
    columns([
      ["--out DIR", "where"],
      ["--resume", ""],
    ]),
  ).toBe("  --out DIR  where\n  --resume");
});
