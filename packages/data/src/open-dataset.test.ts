import path from "node:path";
import { describe, expect, it } from "vitest";
import { ladError, noiseImage, temporaryFolder, writePng, writeText } from "../test/helpers";
import { openDataset } from "./open-dataset";

const root = temporaryFolder();
const coco = JSON.stringify({
  images: [{ id: 4, file_name: "a.png", width: 20, height: 10 }],
  categories: [{ id: 1, name: "cat" }],
  annotations: [{ id: 1, image_id: 4, category_id: 1, bbox: [1, 2, 3, 4], area: 12, iscrowd: 0 }],
});
const voc =
  "<annotation><object><name>cat</name><bndbox><xmin>2</xmin><ymin>3</ymin><xmax>5</xmax><ymax>7</ymax></bndbox></object></annotation>";

async function directoryOf(name: string, texts: Record<string, string>, picture: string): Promise<string> {
  const directory = path.join(root, name);
  for (const [file, text] of Object.entries(texts)) await writeText(path.join(directory, file), text);
  await writePng(path.join(directory, picture), noiseImage(20, 10));
  return directory;
}

describe("openDataset", () => {
  it.each([
    ["COCO", { "annotations/instances_val2017.json": coco }, "val2017/a.png"],
    ["flat COCO", { "instances_val.json": coco }, "images/a.png"],
    ["flat COCO", { "instances_val.json": coco }, "JPEGImages/a.png"],
    ["VOC", { "ImageSets/Main/val.txt": "a", "Annotations/a.xml": voc }, "JPEGImages/a.png"],
  ])("recognises %s", async (kind, texts, picture) => {
    const directory = await directoryOf(
      `${kind}-${picture.length}`,
      texts as unknown as Record<string, string>,
      picture,
    );
    const dataset = await openDataset(directory, "val");
    expect([...dataset.images[0]!.boxes.data]).toEqual([1, 2, 4, 6]);
    expect(dataset.images[0]!.file).toBe(path.join(directory, picture));
    expect(dataset.description).toContain(
      `${kind} data set (${path.join(directory, Object.keys(texts)[0]!)}, pictures in `,
    );
    expect(dataset.description).toMatch(/: 1 images, 1 objects of 1 classes \(cat\)$/);
  });

  it("hands the options on", async () => {
    const directory = await directoryOf(
      "options",
      { "ImageSets/Main/val.txt": "a", "Annotations/a.xml": voc },
      "JPEGImages/a.png",
    );
    const dataset = await openDataset(directory, "val", { origin: 0, classes: ["ant", "cat"], keepDifficult: true });
    expect([...dataset.images[0]!.boxes.data]).toEqual([2, 3, 5, 7]);
    expect(dataset.images[0]!.labels).toEqual(Int32Array.of(1));
    expect(dataset.images[0]!.difficult).toEqual(Uint8Array.of(0));
    expect(dataset.description).toContain("coordinates counted from 0");
  });

  it("lists what it looked for", async () => {
    const { code, message } = await ladError(() => openDataset(root, "train"));
    expect(code).toBe("NOT_FOUND");
    for (const name of [
      "annotations/instances_train2017.json",
      "train2017/",
      "instances_train.json",
      "JPEGImages/",
      "images/",
      "train.txt",
    ]) {
      expect(message).toContain(name);
    }
  });

  it("takes plain split names only", async () => {
    expect((await ladError(() => openDataset(root, "../train"))).message).toBe(
      'openDataset: split must be a plain name such as "train", got "../train"',
    );
  });
});

describe("several VOC directories", () => {
  const annotation = (name: string, difficult = 0) =>
    `<annotation><object><name>${name}</name><difficult>${difficult}</difficult><bndbox><xmin>2</xmin><ymin>3</ymin><xmax>5</xmax><ymax>7</ymax></bndbox></object></annotation>`;
  /** Two years of a devkit, both with a picture "a"; the second has no list of the test split. */
  async function devkit(name: string): Promise<string> {
    const texts = {
      "VOC2007/ImageSets/Main/trainval.txt": "a\nb",
      "VOC2007/ImageSets/Main/test.txt": "b",
      "VOC2007/Annotations/a.xml": annotation("dog"),
      "VOC2007/Annotations/b.xml": annotation("cat", 1),
      "VOC2012/ImageSets/Main/trainval.txt": "c\na",
      "VOC2012/Annotations/a.xml": annotation("dog"),
      "VOC2012/Annotations/c.xml": annotation("bird"),
    };
    const directory = await directoryOf(name, texts, "VOC2007/JPEGImages/a.png");
    for (const file of ["VOC2007/JPEGImages/b.png", "VOC2012/JPEGImages/a.png", "VOC2012/JPEGImages/c.png"])
      await writePng(path.join(directory, file), noiseImage(20, 10));
    return directory;
  }
  const seen = ({ images, classes }: Awaited<ReturnType<typeof openDataset>>) =>
    images.map(({ id, labels, ignoreBoxes }) => [id, [...labels].map((label) => classes[label]), ignoreBoxes.shape[0]]);
  const all = [
    ["VOC2007/a", ["dog"], 0],
    ["b", [], 1],
    ["c", ["bird"], 0],
    ["VOC2012/a", ["dog"], 0],
  ];

  it("are one data set: classes together, ids that two have by their directories' names, difficult objects aside", async () => {
    const directory = await devkit("joined");
    const years = ["VOC2007", "VOC2012"].map((year) => path.join(directory, year));
    const joined = await openDataset(years, "trainval");
    expect(joined.classes).toEqual(["bird", "cat", "dog"]);
    expect(joined.categoryIds).toEqual([1, 2, 3]);
    expect(seen(joined)).toEqual(all);
    expect(joined.images[3]!.file).toBe(path.join(years[1]!, "JPEGImages", "a.png"));
    expect(joined.source).toEqual({ kind: "voc", directories: years, split: "trainval", origin: 1 });
    expect(joined.description).toContain(path.join(years[1]!, "ImageSets", "Main", "trainval.txt"));
    expect(joined.description).toMatch(/: 4 images, 3 objects of 3 classes \(bird, cat, dog\)$/);
    const chosen = await openDataset(years, "trainval", { classes: ["dog", "bird"], keepDifficult: true });
    expect(chosen.classes).toEqual(["dog", "bird"]);
    expect(chosen.images.map(({ labels }) => [...labels])).toEqual([[0], [], [1], [0]]);
  });

  it("may lie in one folder, and those without the split are passed over", async () => {
    const directory = await devkit("devkit");
    expect(seen(await openDataset(directory, "trainval"))).toEqual(all);
    const test = await openDataset(directory, "test", { keepDifficult: true });
    expect(seen(test)).toEqual([["b", ["cat"], 0]]);
    expect(test.source).toMatchObject({ directories: [path.join(directory, "VOC2007")] });
    expect(test.warnings).toEqual([
      `${path.join(directory, "VOC2012")} is passed over: it has no ${path.join("ImageSets", "Main", "test.txt")}`,
    ]);
  });

  it("of one name are told apart by their place", async () => {
    const places = ["first", "second"].map((name) => path.join(root, name, "VOC2007"));
    await Promise.all(["first", "second"].map(devkit));
    const joined = await openDataset(places, "trainval");
    expect(joined.images.map(({ id }) => id)).toEqual(["1/a", "1/b", "2/a", "2/b"]);
  });

  it("are refused where they are none, have not the split, or come twice", async () => {
    const directory = await devkit("wrong");
    const year = path.join(directory, "VOC2007");
    const failure = async (places: string[], split: string) =>
      (await ladError(() => openDataset(places, split))).message;
    expect(await failure([year, directory], "test")).toContain(`${directory} is no VOC directory`);
    expect(await failure([year, `${year}/.`], "test")).toContain("is given twice");
    expect(await failure([year, path.join(directory, "VOC2012")], "val")).toContain('has the split "val"; looked for');
    expect(await failure([], "val")).toContain("got none");
    expect((await ladError(() => openDataset(directory, "val"))).code).toBe("NOT_FOUND");
  });
});
