import { LadError, random } from "@lad/core";
import { expect, it } from "vitest";
import { mutations } from "../../test/mutations";
import { vocImage } from "../index";
import { parseVocXml } from "./index";

const object = (name: string, box: readonly unknown[], difficult = 0) =>
  `<object><name>${name}</name><difficult>${difficult}</difficult><bndbox>${["xmin", "ymin", "xmax", "ymax"]
    .map((tag, side) => `<${tag}>${box[side]}</${tag}>`)
    .join("")}</bndbox><part><name>head</name></part></object>`;
const file = `<annotation><size><width>353</width><height>500</height><depth>3</depth></size>
${object("dog", [48, 240, 195, 371])}${object("cat &amp; co", ["8.5", 12, 352, 498], 1)}</annotation>`;

it("reads names, difficult marks, boxes and the size", () => {
  expect(parseVocXml("a.xml", file)).toEqual({
    size: { width: 353, height: 500 },
    objects: [
      { name: "dog", difficult: false, box: [48, 240, 195, 371] },
      { name: "cat & co", difficult: true, box: [8.5, 12, 352, 498] },
    ],
  });
});

it("vocImage takes the origin off and leaves other classes out", () => {
  const parsed = parseVocXml("a.xml", file);
  const all = vocImage(parsed, { classes: ["cat & co", "dog"], origin: 1 });
  expect([...all.boxes.data]).toEqual([47, 239, 194, 370, 7.5, 11, 351, 497]);
  expect([all.labels, all.difficult]).toEqual([Int32Array.of(1, 0), Uint8Array.of(0, 1)]);
  expect(vocImage(parsed, { classes: ["dog"], origin: 0 }).boxes.data).toEqual(Float32Array.of(48, 240, 195, 371));
  expect(vocImage({ objects: [] }, { classes: [], origin: 0 }).boxes.shape).toEqual([0, 4]);
  expect(() => vocImage(parsed, { classes: [], origin: 2 as 1 })).toThrow("origin must be 0 or 1, got 2");
});

it.each([
  ["cut off", "<annotation><object><name>dog", "INVALID_FILE", "a.xml is not well-formed XML"],
  ["of another kind", "<html/>", "INVALID_DATA", "must hold an <annotation>, got <html>"],
  ["without a name", `<annotation>${object("", [1, 2, 3, 4])}</annotation>`, "INVALID_DATA", "has no <name>"],
  ["with too much", `<annotation>${object("dog", [1, 2, "1e39", 4])}</annotation>`, "NON_FINITE", 'got "1e39"'],
])("refuses a file %s", (_, text, code, message) => {
  const error = caught(() => parseVocXml("a.xml", text));
  expect(error).toMatchObject({ code, message: expect.stringContaining(message) });
});

it("answers mutated files with a clear error or finite numbers", () => {
  const count = Number(process.env.LAD_FUZZ ?? 300);
  let [read, refused] = [0, 0];
  for (const text of mutations(file, count, random(11))) {
    const error = caught(() => {
      const { boxes } = vocImage(parseVocXml("a.xml", text), { classes: ["dog"], origin: 1 });
      expect(boxes.data.every(Number.isFinite)).toBe(true);
    });
    if (error === undefined) read++;
    else if (LadError.is(error)) refused++;
    else throw error;
  }
  expect(read + refused).toBe(count);
  expect(Math.min(read, refused)).toBeGreaterThan(count / 20);
});

function caught(call: () => void): unknown {
  try {
    call();
  } catch (error) {
    return error;
  }
  return undefined;
}
