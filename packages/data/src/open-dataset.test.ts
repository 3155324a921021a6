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
