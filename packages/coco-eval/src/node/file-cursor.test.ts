import { closeSync, mkdtempSync, openSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { detectionPart } from "../detection-part";
import { readDetections, scanDetections } from "../read-detections";
import { fileCursor, skipMark } from "./file-cursor";
import { splitList } from "./split-list";

const folder = mkdtempSync(join(tmpdir(), "lad-cursor-"));
afterAll(() => rmSync(folder, { recursive: true }));

function withText<Result>(text: string, use: (descriptor: number) => Result): Result {
  const file = join(folder, "list.json");
  writeFileSync(file, text);
  const descriptor = openSync(file, "r");
  try {
    return use(descriptor);
  } finally {
    closeSync(descriptor);
  }
}

const read = (text: string, length: number) =>
  withText(text, (descriptor) => {
    const cursor = fileCursor(descriptor, 0, length);
    skipMark(cursor);
    return scanDetections(cursor, detectionPart("segm"));
  });

const list = Array.from({ length: 40 }, (_, i) => ({
  image_id: i,
  category_id: 1,
  bbox: [i / 7, 2, 3.25, 1e-7 * i],
  score: i / 41,
  extra: [{ a: "}, {" }, null, "\u00e9\\"],
  segmentation: { size: [9, 9], counts: "X\\o0\\" },
}));

describe("fileCursor", () => {
  it.each([8, 16, 33, 64, 1000, 2 ** 20])("reads the same through a window of %d bytes", (length) => {
    for (const text of [JSON.stringify(list), `\uFEFF  ${JSON.stringify(list, null, 3)}\n  `]) {
      expect(read(text, length)).toEqual(readDetections(text, { iouType: "segm" }));
    }
    expect(read(`${" ".repeat(100)}[${" ".repeat(100)}]`, length).scores).toHaveLength(0);
  });

  it("names the byte in the file where it is no JSON, and does not read on to find out", () => {
    const text = JSON.stringify(list);
    const broken = `${text.slice(0, 3000)}?${text.slice(3000)}${" ".repeat(20000)}`;
    let expected = "";
    try {
      readDetections(broken);
    } catch (error) {
      expected = (error as Error).message;
    }
    expect(expected).toMatch(/at byte 3\d\d\d/);
    for (const length of [16, 5000, 2 ** 20]) expect(() => read(broken, length)).toThrow(expected);
    expect(() => read(text.slice(0, -2), 64)).toThrow("got the end of the text");
    const withNul = `${text.slice(0, -1)}\0${" ".repeat(20000)}]`;
    for (const length of [16, 5000, 2 ** 20]) expect(() => read(withNul, length)).toThrow(/wanted "\]", got "\\u0000 /);
  });
});

describe("splitList", () => {
  const starts = (text: string, due: number[]) => withText(text, (descriptor) => splitList(descriptor, due));

  it("cuts before the next object", () => {
    expect(starts('[{"a":1}, \n{"a":2},{"a":3}]', [1, 12])).toEqual([11, 19]);
  });

  it("gives up where there is none, or not enough", () => {
    expect(starts('[{"a":1},{"a":2}]', [9])).toBeUndefined();
    expect(starts('[{"a":1},{"a":2}]', [1, 2])).toBeUndefined();
    expect(starts("[1,2]", [0])).toBeUndefined();
  });
});
