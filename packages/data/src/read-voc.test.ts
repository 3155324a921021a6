import { existsSync } from "node:fs";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import { ladError, noiseImage, temporaryFolder, writePng, writeText } from "../test/helpers";
import { readCoco } from "./read-coco";
import { readVoc } from "./read-voc";

const root = temporaryFolder();
const bccd = fileURLToPath(new URL("../../../../shared/data/bccd", import.meta.url));
let made = 0;

const size = "<size><width>20</width><height>10</height><depth>3</depth></size>";
const box = (...sides: unknown[]) =>
  `<bndbox>${["xmin", "ymin", "xmax", "ymax"].map((tag, index) => `<${tag}>${sides[index]}</${tag}>`).join("")}</bndbox>`;
const object = (name: string, bounds: string, more = "") => `<object><name>${name}</name>${more}${bounds}</object>`;

/** Writes a VOC directory with one picture per entry, whose annotation holds the text. */
async function vocDirectory(
  pictures: Record<string, string>,
  list = Object.keys(pictures).join("\n"),
): Promise<string> {
  const directory = path.join(root, `voc${made++}`);
  await writeText(path.join(directory, "ImageSets/Main/train.txt"), `${list}\n`);
  for (const [id, text] of Object.entries(pictures)) {
    await writeText(path.join(directory, `Annotations/${id}.xml`), `<annotation>${text}</annotation>`);
    await writePng(path.join(directory, `JPEGImages/${id}.png`), noiseImage(20, 10));
  }
  return directory;
}

const train = { split: "train", origin: 0 } as const;

describe("readVoc", () => {
  it("reads boxes as they are or less 1, classes sorted by name", async () => {
    const directory = await vocDirectory({
      a: size + object("dog", box(1, 2, 11, 8)) + object("cat &amp; co", box(3, 3, "5.5", 6)),
    });
    const zero = await readVoc(directory, train);
    expect(zero.classes).toEqual(["cat & co", "dog"]);
    expect(zero.categoryIds).toEqual([1, 2]);
    expect(zero.images[0]).toMatchObject({
      id: "a",
      file: path.join(directory, "JPEGImages/a.png"),
      width: 20,
      height: 10,
    });
    expect([...zero.images[0]!.boxes.data]).toEqual([1, 2, 11, 8, 3, 3, 5.5, 6]);
    expect([...zero.images[0]!.labels]).toEqual([1, 0]);
    const one = await readVoc(directory, { ...train, origin: 1 });
    expect([...one.images[0]!.boxes.data]).toEqual([0, 1, 10, 7, 2, 2, 4.5, 5]);
    expect([...zero.warnings, ...one.warnings]).toEqual([]);
  });

  it("makes difficult objects ignore boxes, or keeps and marks them", async () => {
    const hard = object("dog", box(1, 2, 11, 8), "<difficult>1</difficult>");
    const directory = await vocDirectory({
      a: size + hard + object("dog", box(2, 2, 9, 9), "<difficult>0</difficult>"),
    });
    const [ignored] = (await readVoc(directory, train)).images;
    expect([...ignored!.boxes.data, ...ignored!.ignoreBoxes.data]).toEqual([2, 2, 9, 9, 1, 2, 11, 8]);
    expect(ignored).not.toHaveProperty("difficult");
    const [kept] = (await readVoc(directory, { ...train, keepDifficult: true })).images;
    expect(kept!.boxes.shape).toEqual([2, 4]);
    expect(kept!.ignoreBoxes.shape).toEqual([0, 4]);
    expect(kept!.difficult).toEqual(Uint8Array.of(1, 0));
  });

  it("leaves out degenerate boxes and unlisted classes with a warning each", async () => {
    const directory = await vocDirectory({
      a: size + object("dog", box(5, 5, 5, 9)) + object("cow", box(1, 1, 9, 9)),
      b: size + object("dog", box(9, 1, 2, 9)),
    });
    const dataset = await readVoc(directory, { ...train, classes: ["dog"] });
    expect(dataset.images.map(({ labels }) => labels.length)).toEqual([0, 0]);
    expect(dataset.warnings).toEqual([
      `${path.basename(directory)} train: 1 annotation left out: class cow is not in the list, in a.xml`,
      `${path.basename(directory)} train: 2 annotations left out: width or height below 1 px, in a.xml, b.xml`,
    ]);
  });

  it("suspects data counted from 0 when told it counts from 1", async () => {
    const directory = await vocDirectory({ a: size + object("dog", box(0, 2, 11, 8)) });
    expect((await readVoc(directory, { ...train, origin: 1 })).warnings[0]).toContain(
      "is this data counted from 0 (origin: 0)?, in a.xml",
    );
  });

  it("takes the size from the picture where the annotation has none", async () => {
    const directory = await vocDirectory({ a: object("dog", box(1, 2, 11, 8)), b: size.replaceAll(/\d+/g, "0") });
    const { images } = await readVoc(directory, train);
    expect(images.map(({ width, height }) => [width, height])).toEqual([
      [20, 10],
      [20, 10],
    ]);
    await writeText(path.join(directory, "JPEGImages/b.png"), "no picture");
    expect((await ladError(() => readVoc(directory, train))).message).toContain(
      "b.png can be read neither from its annotation nor",
    );
  });

  it("names every class of the directory, not of the split alone, so that labels agree", async () => {
    const directory = await vocDirectory(
      { a: size + object("dog", box(1, 2, 9, 8)), b: size + object("ant", box(1, 2, 9, 8)) },
      "a 1",
    );
    const dataset = await readVoc(directory, train);
    expect(dataset.images.map(({ id }) => id)).toEqual(["a"]);
    expect(dataset.classes).toEqual(["ant", "dog"]);
  });

  it.each([
    ["cut off", `${size}<object><name>dog`, "INVALID_FILE", "a.xml is not well-formed XML"],
    ["without a name", `${size}<object>${box(1, 2, 3, 4)}</object>`, "INVALID_DATA", "object 1 of"],
    ["without a box", `${size}<object><name>dog</name></object>`, "INVALID_DATA", "a.xml has no <bndbox>"],
    ["with NaN", size + object("dog", box("nan", 2, 3, 4)), "NON_FINITE", '<xmin> must be a number, got "nan"'],
    ["with an empty side", size + object("dog", box(1, 2, 3, "")), "NON_FINITE", '<ymax> must be a number, got ""'],
  ])("refuses an annotation %s", async (_, text, code, message) => {
    const directory = await vocDirectory({ a: text });
    expect(await ladError(() => readVoc(directory, train))).toMatchObject({
      code,
      message: expect.stringContaining(message),
    });
  });

  it("names lists, annotations and pictures that are missing, empty or double", async () => {
    const directory = await vocDirectory({ a: size });
    const read = (list: string) =>
      writeText(path.join(directory, "ImageSets/Main/train.txt"), list).then(() => readVoc(directory, train));
    expect(await ladError(() => read("\n\n"))).toMatchObject({
      code: "INVALID_DATA",
      message: expect.stringContaining("lists no pictures"),
    });
    expect((await ladError(() => read("a\r\na\r\n"))).message).toContain("lists a twice");
    expect((await ladError(() => read("a\nb"))).message).toContain("b.xml does not exist");
    await writeText(path.join(directory, "Annotations/b.xml"), `<annotation>${size}</annotation>`);
    expect((await ladError(() => read("a\nb"))).message).toContain("1 of 2 pictures are not in");
    const other = { split: "val", origin: 0 } as const;
    expect((await ladError(() => readVoc(directory, other))).message).toContain("val.txt does not exist");
    const origin = 2 as 1;
    expect((await ladError(() => readVoc(directory, { ...train, origin }))).message).toBe(
      "readVoc: origin must be 0 or 1, got 2",
    );
    await writeText(path.join(directory, "Annotations/b.xml"), "<html/>");
    expect((await ladError(() => read("b"))).message).toContain("must hold an <annotation>, got <html>");
  });
});

if (existsSync(bccd)) {
  describe("blood cells, as VOC and as COCO", () => {
    it.each([
      ["train", "BloodImage_00343.xml"],
      ["val", "BloodImage_00338.xml"],
      ["test", undefined],
    ])("%s", async (split, degenerate) => {
      const coco = await readCoco(path.join(bccd, `instances_${split}.json`), {
        images: path.join(bccd, "JPEGImages"),
      });
      const voc = await readVoc(bccd, { split, origin: 0, classes: coco.classes });
      expect(voc.images).toHaveLength(coco.images.length);
      const byFile = new Map(voc.images.map((image) => [path.basename(image.file), image]));
      for (const { file, width, height, boxes, labels } of coco.images) {
        expect(byFile.get(path.basename(file))).toMatchObject({ width, height, boxes, labels });
      }
      const warning = `bccd ${split}: 1 annotation left out: width or height below 1 px, in ${degenerate}`;
      expect(voc.warnings).toEqual(degenerate ? [warning] : []);
    });
  });
}
