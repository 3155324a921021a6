import { expect, it } from "vitest";
import { findPrivateNames } from "./find-private-names";

it("finds absolute folders and package hosts by line", () => {
  const text = [
    "fine",
    ["", "work", "main"].join("/"),
    ["", "root", "x"].join("/"),
    ["registry", "example", "com"].join("."),
  ];
  expect(findPrivateNames(text.join("\n"))).toEqual([2, 3, 4]);
});

it("leaves relative folders and prose alone", () => {
  // biome-ignore lint/suspicious/noTemplateCurlyInString: text as it stands in a file
  expect(findPrivateNames("dist/work/x ./root/y ${base}/work/z\nthe registry. A registry holds")).toEqual([]);
});
