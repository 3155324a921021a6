import { describe, expect, it } from "vitest";
import { cursorOn, expectByte, jsonCursor, jsonError, peekByte, takeByte } from "./json-cursor";
import { readJsonString, skipJsonString } from "./read-json-string";

const comma = 0x2c;

describe("jsonCursor", () => {
  it("passes over a byte-order mark and white space", () => {
    const cursor = jsonCursor("\uFEFF \t\r\n,");
    expect(peekByte(cursor)).toBe(comma);
    expect(takeByte(cursor, 0x5d)).toBe(false);
    expect(takeByte(cursor, comma)).toBe(true);
    expect(peekByte(cursor)).toBe(-1);
  });

  it("stays within a view of a larger buffer", () => {
    const bytes = new TextEncoder().encode("xx12yy").subarray(2, 4);
    expect(jsonCursor(bytes).bytes).toHaveLength(2);
    expect(peekByte(cursorOn(bytes, 2))).toBe(-1);
  });

  it("says what was wanted, what came and where", () => {
    const cursor = jsonCursor("  [1]");
    expect(() => expectByte(cursor, comma)).toThrow(
      'JSON: wanted ",", got "[1]" at byte 2; the text is truncated or not JSON',
    );
    expect(jsonError({ ...cursor, position: 5 }, "wanted more").message).toContain(
      "wanted more, got the end of the text",
    );
    expect(jsonError(cursor, "wanted more").code).toBe("INVALID_FILE");
    expect(jsonError(jsonCursor("Infinity"), "wanted a number").code).toBe("NON_FINITE");
  });
});

describe("readJsonString", () => {
  it.each(["", "plain", "caf\u00e9 \u{1f600}", 'q"\\/\b\f\n\r\t\u0001', "\ud800"])(
    "gives the text of %j back",
    (text) => {
      const json = JSON.stringify(text);
      const cursor = jsonCursor(`${json},`);
      expect(readJsonString(cursor)).toBe(JSON.parse(json));
      expect(peekByte(cursor)).toBe(comma);
    },
  );

  it("tells whether there are escapes", () => {
    expect(skipJsonString(jsonCursor('"caf\u00e9"'))).toBe(false);
    expect(skipJsonString(jsonCursor('"caf\\u00e9"'))).toBe(true);
  });

  it.each(['"abc', '"a\nb"', '"\\x"', '"\\u12g4"', '"\\', "abc"])("refuses %j", (text) => {
    expect(() => readJsonString(jsonCursor(text))).toThrow(/^JSON: wanted/);
  });
});
