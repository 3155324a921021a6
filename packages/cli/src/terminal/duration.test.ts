import { expect, test } from "vitest";
import { duration } from "./duration";

test.each([
  [0, "0.0 s"],
  [4_230, "4.2 s"],
  [59_940, "59.9 s"],
  [59_960, "1:00 min"],
  [187_400, "3:07 min"],
  [7_509_000, "2:05:09 h"],
  [-5, "0.0 s"],
])("%d ms", (milliseconds, text) => {
  expect(duration(milliseconds)).toBe(text);
});
