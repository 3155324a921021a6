import { random } from "@lad/core";
import { describe, expect, it } from "vitest";
import { jsonCursor } from "./json-cursor";
import { readJsonNumber } from "./read-json-number";

function read(text: string): number {
  const cursor = jsonCursor(text);
  const value = readJsonNumber(cursor);
  if (cursor.position !== text.length) throw new Error(`${text}: stopped at ${cursor.position}`);
  return value;
}

/** Numbers as programs write them, with their doubles' shortest digits and otherwise. */
function drawNumber({ uniform, integer }: ReturnType<typeof random>): string {
  const digits = (count: number) => Array.from({ length: count }, () => integer(10)).join("");
  const kinds = [
    () => String(Math.fround(uniform() * 1000)),
    () => String(uniform() * 10 ** integer(20)),
    () => (uniform() * 1000).toFixed(integer(20)),
    () => (uniform() * 1e-5).toExponential(16),
    () => `${1 + integer(9)}${digits(integer(30))}.${digits(1 + integer(20))}`,
    () => `-0.${"0".repeat(integer(25))}${digits(17)}`,
    () => `${1 + integer(9)}.${digits(1 + integer(25))}e${integer(2) ? "-" : "+"}${integer(330)}`,
    () => `${2 ** 53 + 2 * integer(2 ** 31) + 1}`,
  ];
  return kinds[integer(kinds.length)]!();
}

describe("readJsonNumber", () => {
  it("gives the doubles of JSON.parse, bit for bit", () => {
    const stream = random(11);
    for (let i = 0; i < 40_000; i++) {
      const text = drawNumber(stream);
      if (!Object.is(read(text), JSON.parse(text)))
        throw new Error(`${text}: got ${read(text)}, JSON.parse ${JSON.parse(text)}`);
    }
  });

  it.each([
    "0",
    "-0",
    "-0.0",
    "0e9",
    "0.000e-400",
    "1E5",
    "1e999",
    "-1e999",
    "1e-999",
    "4.9e-324",
    "2.2250738585072011e-308",
    // half-way between two doubles, and just beside it
    "9007199254740993",
    "9007199254740993.0000000001",
    "9007199254740992.9999999999",
    "4503599627370497.5",
    "0.1000000000000000055511151231257827",
    "123456789012345678901234567890123",
  ])("%s", (text) => {
    expect(read(text)).toBe(JSON.parse(text));
  });

  it.each(["", "-", "01", "-00", "1.", ".5", "1e", "1e+", "+1", "x"])("refuses %j", (text) => {
    expect(() => read(text)).toThrow(/JSON: wanted|stopped/);
    expect(() => JSON.parse(text)).toThrow();
  });

  it("names NaN and Infinity, which other programs write", () => {
    expect(() => read("NaN")).toThrow(/got NaN at byte 0: NaN and Infinity are not JSON numbers/);
    expect(() => read("-Infinity")).toThrow(/got -Infinity at byte 0/);
  });
});
