import { closeSync, mkdtempSync, openSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { detectionPart } from "../detection-part";
import { readDetections, scanDetections } from "../read-detections";
import { fileCursor, skipMark } from "./file-cursor";
import { joinPieces } from "./join-pieces";
import { placeRows } from "./place-rows";
import { type ReadResult, readPieces } from "./read-pieces";

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
    const { cursor } = fileCursor(descriptor, length);
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

describe("readPieces", () => {
  /** Reads a text in pieces, which `readers` take in turn. */
  const readInTurn = (text: string, pieceBytes: number, readers: number) => {
    const file = join(folder, "list.json");
    writeFileSync(file, text);
    const first = text.indexOf("{");
    const pieces = Math.ceil((Buffer.byteLength(text) - first) / pieceBytes);
    const task = { kind: "read", file, iouType: "segm", source: "bbox", first, pieceBytes, pieces } as const;
    return Array.from({ length: readers }, (_, reader) => {
      let next = reader - readers;
      return readPieces({ ...task, taken: new Int32Array(1) }, () => (next += readers));
    });
  };

  const joinAll = (results: readonly (ReadResult | undefined)[]) => {
    const pieces = results.map((result) => result?.pieces);
    const joined = joinPieces(pieces, "segm", "bbox");
    results.forEach((result, i) => {
      if (result && joined) placeRows(result.rows, { kind: "place", room: joined.room, places: joined.places[i]! });
    });
    return joined?.room;
  };

  it.each([10, 50, 133, 1000, 10_000])("reads every detection once, in pieces of %d bytes", (pieceBytes) => {
    const plain = list.map(({ extra, ...detection }) => ({ ...detection, note: "\u00e9".repeat(detection.image_id) }));
    for (const text of [JSON.stringify(plain), ` ${JSON.stringify(plain, null, 3)}\n  `]) {
      for (const readers of [1, 2, 3]) {
        expect(joinAll(readInTurn(text, pieceBytes, readers))).toEqual(readDetections(text, { iouType: "segm" }));
      }
    }
  });

  it("does not take what is cut inside a string for a list, nor a part of it", () => {
    expect(() => readInTurn(JSON.stringify(list), 150, 1)).toThrow("the text is truncated or not JSON");
    const readers = readInTurn(JSON.stringify(list.map(({ extra, ...detection }) => detection)), 300, 2);
    expect(joinAll([readers[0]!])).toBeUndefined();
    expect(joinAll([...readers, undefined])).toBeUndefined();
    expect(joinAll(readers)?.scores).toHaveLength(list.length);
  });
});
