import path from "node:path";
import { describe, expect, it } from "vitest";
import { ladError, temporaryFolder, writeText } from "../test/helpers";
import { type ReadCocoOptions, readCoco } from "./read-coco";

const folder = temporaryFolder();
const images = path.join(folder, "images");
let files = 0;

type Json = Record<string, unknown>;
const image = (id: number, more: Json = {}) => ({ id, file_name: `${id}.png`, width: 100, height: 50, ...more });
const annotation = (id: number, bbox: unknown, more: Json = {}) => ({ id, image_id: 1, category_id: 7, bbox, ...more });
const categories = [
  { id: 9, name: "dog" },
  { id: 7, name: "cat" },
];

/** Reads a file with two pictures that are there, unless the content says otherwise. */
async function read(content: Json | string, options: Partial<ReadCocoOptions> = {}) {
  await writeText(path.join(images, "1.png"), "");
  await writeText(path.join(images, "2.png"), "");
  const base = { images: [image(1), image(2)], annotations: [], categories };
  const text = typeof content === "string" ? content : JSON.stringify({ ...base, ...content });
  const file = await writeText(path.join(folder, `${files++}`, "instances.json"), text);
  return readCoco(file, { images, ...options });
}

const readAnnotations = (annotations: unknown[], options: Partial<ReadCocoOptions> = {}) =>
  read({ annotations }, options);

describe("readCoco", () => {
  it("turns x, y, w, h into xyxy and category ids into labels by id", async () => {
    const dataset = await readAnnotations([
      annotation(1, [1, 2, 3, 4.5]),
      annotation(2, [0, 0, 5, 5], { category_id: 9, image_id: 2 }),
    ]);
    expect(dataset.classes).toEqual(["cat", "dog"]);
    expect(dataset.categoryIds).toEqual([7, 9]);
    expect(dataset.warnings).toEqual([]);
    const [first, second] = dataset.images;
    expect(first).toMatchObject({ id: "1", cocoId: 1, file: path.join(images, "1.png"), width: 100, height: 50 });
    expect([...first!.boxes.data]).toEqual([1, 2, 4, 6.5]);
    expect(first!.boxes.shape).toEqual([1, 4]);
    expect([[...first!.labels], [...second!.labels]]).toEqual([[0], [1]]);
  });

  it("takes the classes asked for, in that order, and leaves the others aside", async () => {
    const both = [annotation(1, [1, 2, 3, 4]), annotation(2, [0, 0, 5, 5], { category_id: 9 })];
    expect((await readAnnotations(both, { classes: ["dog", "cat"] })).images[0]!.labels).toEqual(Int32Array.of(1, 0));
    const dogs = await readAnnotations(both, { classes: ["dog"] });
    expect(dogs.categoryIds).toEqual([9]);
    expect([...dogs.images[0]!.boxes.data]).toEqual([0, 0, 5, 5]);
    expect((await ladError(() => readAnnotations(both, { classes: ["cow"] }))).message).toContain(
      'class "cow" is not among the categories',
    );
  });

  it("leaves out what cannot be learnt from, with one warning a kind", async () => {
    const { images: read, warnings } = await readAnnotations([
      annotation(1, [1, 1, 0.5, 9]),
      annotation(2, [1, 1, 9, 0]),
      annotation(3, [5, 5, -3, 9], { image_id: 2 }),
      annotation(4, [1, 1, 9, 9], { area: 0 }),
      annotation(5, [100, 0, 9, 9]),
      annotation(6, [1, 1, 9, 9], { ignore: 1 }),
      annotation(7, [1, 1, 9, 9], { iscrowd: 1 }),
      annotation(8, [95, 1, 9, 9]),
      annotation(9, [-0.5, 1, 9, 9]),
    ]);
    expect([...read[0]!.boxes.data]).toEqual([95, 1, 104, 10, -0.5, 1, 8.5, 10]);
    expect([...read[0]!.ignoreBoxes.data]).toEqual([1, 1, 10, 10]);
    expect(read[1]!.boxes.shape).toEqual([0, 4]);
    expect(warnings).toEqual([
      "instances.json: 3 annotations left out: width or height below 1 px, in 1.png (2), 2.png",
      "instances.json: 1 annotation left out: area not above 0, in 1.png",
      "instances.json: 1 annotation left out: wholly outside the picture, in 1.png",
      "instances.json: 1 annotation left out: marked ignore, in 1.png",
      "instances.json: 1 annotation reaching outside the picture (kept, clipped when resized), in 1.png",
    ]);
  });

  it("reads test sets without annotations", async () => {
    const dataset = await read(JSON.stringify({ images: [image(1)], categories }));
    expect(dataset.images[0]!.labels).toHaveLength(0);
    expect(dataset.warnings).toEqual(["instances.json: has no annotations"]);
  });

  it.each([
    ["unknown picture", [annotation(3, [0, 0, 1, 1], { image_id: 8 })], "annotation 3 of", "is of unknown picture 8"],
    [
      "unknown category",
      [annotation(3, [0, 0, 1, 1], { category_id: 8 })],
      "annotation 3 of",
      "is of unknown category 8",
    ],
    ["no box", [annotation(3, undefined)], "annotation 3:", '"bbox" must be four numbers'],
    ["null in a box", [annotation(3, [0, null, 1, 1])], "annotation 3:", "got [0,null,1,1]"],
    ["no object", [17], "an annotation is 17", "an object was wanted"],
  ])("refuses an annotation with %s", async (_, annotations, who, what) => {
    const { code, message } = await ladError(() => readAnnotations(annotations));
    expect(code).toBe("INVALID_DATA");
    expect(message).toContain(who);
    expect(message).toContain(what);
    expect(message).toContain("instances.json");
  });

  it.each([
    ["no pictures", { images: [] }, "holds no pictures"],
    ["a picture id twice", { images: [image(1), image(1)] }, "picture 1 is there twice"],
    ["a category id twice", { categories: [categories[0], categories[0]] }, "category 9 is there twice"],
    [
      "a category name twice",
      {
        categories: [
          { id: 1, name: "a" },
          { id: 2, name: "a" },
        ],
      },
      'category name "a" is there twice',
    ],
    [
      "a picture without size",
      { images: [image(1, { width: 0 })] },
      "picture 1 (1.png) must have a width and a height >= 1, got 0x50",
    ],
    ["a picture without name", { images: [image(1, { file_name: "" })] }, "picture 1 has no file_name"],
    ["an id that is a text", { images: [image(1, { id: "1" })] }, "a picture must be a whole number (id)"],
    ["no categories", { categories: undefined }, "not a COCO annotation file"],
  ])("refuses a file with %s", async (_, content, message) => {
    expect(await ladError(() => read(content))).toMatchObject({
      code: "INVALID_DATA",
      message: expect.stringContaining(message),
    });
  });

  it("says where Python wrote NaN or Infinity, and refuses numbers too large", async () => {
    const text = JSON.stringify({
      images: [image(1, { file_name: "NaN.png" })],
      categories,
      annotations: [annotation(1, [0, 0, 1, 1])],
    });
    const withNaN = await ladError(() => read(text.replace("[0,0,1,1]", "[0,\nNaN,1,1]")));
    expect(withNaN.code).toBe("NON_FINITE");
    expect(withNaN.message).toMatch(
      /instances\.json holds NaN in line 2 \("….*"bbox":\[0, NaN,1,1\].*…"\); numbers must be finite/,
    );
    expect((await ladError(() => read(text.replace("[0,0,1,1]", "[0,-Infinity,1,1]")))).message).toContain(
      "holds -Infinity in line 1",
    );
    const tooLarge = await ladError(() => read(text.replace("[0,0,1,1]", "[0,1e999,1,1]")));
    expect(tooLarge).toMatchObject({
      code: "NON_FINITE",
      message: expect.stringContaining("annotation 1 has numbers that are not finite"),
    });
  });

  it("refuses what is not JSON or not there", async () => {
    expect(await ladError(() => read('{"images": ['))).toMatchObject({
      code: "INVALID_FILE",
      message: expect.stringContaining("is not JSON"),
    });
    expect((await ladError(() => readCoco(path.join(folder, "none.json"), { images }))).code).toBe("NOT_FOUND");
  });

  it("tells of missing pictures before training does", async () => {
    const content = { images: [image(1), image(30), image(31, { file_name: "deep/31.png" })] };
    expect(await ladError(() => read(content))).toMatchObject({
      code: "NOT_FOUND",
      message: expect.stringContaining(`2 of 3 pictures are not in ${images}: 30.png, deep/31.png`),
    });
    const rest = await read(content, { missingImages: "drop" });
    expect(rest.images.map(({ id }) => id)).toEqual(["1"]);
    expect(rest.warnings[0]).toContain("2 pictures left out: not in");
    const { message } = await ladError(() => read({}, { images: path.join(folder, "nowhere") }));
    expect(message).toContain("nowhere is not a directory that can be read");
  });

  it("keeps annotations whose id is used twice and says so", async () => {
    const dataset = await readAnnotations([annotation(1, [0, 0, 5, 5]), annotation(1, [1, 1, 5, 5])]);
    expect(dataset.images[0]!.labels).toHaveLength(2);
    expect(dataset.warnings).toEqual(["instances.json: 1 annotation bearing the id of another (kept), in 1.png"]);
  });

  it("names a few pictures and counts the rest", async () => {
    const many = Array.from({ length: 8 }, (_, index) => image(index + 1, { file_name: "1.png" }));
    const annotations = many.map(({ id }) => annotation(id, [0, 0, 0, 0], { image_id: id }));
    const { warnings } = await read({
      images: many.map((one, index) => ({ ...one, file_name: index % 2 ? "1.png" : "2.png" })),
      annotations,
    });
    expect(warnings).toEqual([
      "instances.json: 8 annotations left out: width or height below 1 px, in 2.png (4), 1.png (4)",
    ]);
  });
});
