import { LadError, random } from "@lad/core";
import { describe, expect, it } from "vitest";
import { jsonCursor, peekByte } from "./json-cursor";
import { skipJsonValue } from "./skip-json-value";

function isJson(text: string): boolean {
  try {
    const cursor = jsonCursor(text);
    skipJsonValue(cursor);
    return peekByte(cursor) === -1;
  } catch (error) {
    if (LadError.is(error)) return false;
    throw error;
  }
}

function parses(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}

describe("skipJsonValue", () => {
  it("accepts what JSON.parse accepts, and nothing else, in damaged texts", () => {
    const whole =
      '[{"a": 1, "b": [1.5,-2e3, 0.1 ,4],\n"s":"x\\u00e9\\n\\"y","t":true,"n":null,"o":{},"e":[],"p":{"q":[[[]]]}}, 12]';
    const letters = '[]{},:"019.eE+-truefalsn \\\n\t';
    const { integer } = random(5);
    let valid = 0;
    for (let i = 0; i < 5_000; i++) {
      const at = integer(whole.length);
      const text = whole.slice(0, at) + letters.charAt(integer(letters.length + 1)) + whole.slice(at + integer(2));
      if (isJson(text) !== parses(text)) throw new Error(`JSON.parse ${parses(text) ? "accepts" : "refuses"} ${text}`);
      valid += Number(parses(text));
    }
    expect(valid).toBeGreaterThan(300);
  });

  it("goes through any depth", () => {
    expect(isJson("[".repeat(200_000) + "]".repeat(200_000))).toBe(true);
    expect(isJson("[".repeat(200_000))).toBe(false);
  });

  it("says where a text breaks off", () => {
    expect(() => skipJsonValue(jsonCursor('{"a": [1, 2'))).toThrow(
      'JSON: wanted "]", got the end of the text; the text is truncated or not JSON',
    );
    expect(() => skipJsonValue(jsonCursor('["a\\x"]'))).toThrow(/wanted an escape that JSON knows, got .* at byte 3/);
  });
});
