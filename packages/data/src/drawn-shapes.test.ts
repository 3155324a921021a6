import { mkdir, readdir, readFile } from "node:fs/promises";
import path from "node:path";
import { random } from "@lad/core";
import { describe, expect, it } from "vitest";
import { ladError, temporaryFolder, writeText } from "../test/helpers";
import { decodeImage } from "./decode-image";
import { type DrawnObject, drawScene } from "./draw-scene";
import { drawnShapes } from "./drawn-shapes";
import { openDataset } from "./open-dataset";

const root = temporaryFolder();
const small = { seed: 3, images: { train: 4, val: 2 } };

function overlap({ box: a }: DrawnObject, { box: b }: DrawnObject): boolean {
  return Math.min(a[2], b[2]) > Math.max(a[0], b[0]) && Math.min(a[3], b[3]) > Math.max(a[1], b[1]);
}

describe("drawScene", () => {
  const scenes = Array.from({ length: 60 }, (_, seed) => drawScene(random(seed), 160));
  const objects = scenes.flatMap((scene) => scene.objects);

  it("draws 2 to 6 objects of 16 to 96 px of all three classes, a tenth of the pairs overlapping", () => {
    for (const scene of scenes) {
      expect(scene.objects.length).toBeGreaterThanOrEqual(2);
      expect(scene.objects.length).toBeLessThanOrEqual(6);
    }
    const sides = objects.flatMap(({ box: [x1, y1, x2, y2] }) => [x2 - x1, y2 - y1]);
    expect(Math.min(...sides)).toBeGreaterThanOrEqual(16);
    expect(Math.max(...sides)).toBeLessThanOrEqual(96);
    expect(Math.max(...sides)).toBeGreaterThan(70);
    for (const label of [0, 1, 2])
      expect(objects.filter((object) => object.label === label).length).toBeGreaterThan(objects.length / 5);
    const pairs = scenes.flatMap(({ objects: all }) =>
      all.flatMap((first, index) => all.slice(index + 1).map((second) => overlap(first, second))),
    );
    expect(pairs.filter(Boolean).length / pairs.length).toBeGreaterThan(0.1);
  });

  it("puts tight boxes around what is visible", () => {
    for (const { owners, objects: all } of scenes) {
      all.forEach(({ box: [x1, y1, x2, y2], area }, index) => {
        const isOwn = (x: number, y: number) => owners[y * 160 + x] === index;
        const columns = Array.from({ length: 160 }, (_, x) => x).filter((x) =>
          Array.from(Array(160).keys()).some((y) => isOwn(x, y)),
        );
        const rows = Array.from({ length: 160 }, (_, y) => y).filter((y) =>
          Array.from(Array(160).keys()).some((x) => isOwn(x, y)),
        );
        expect([columns[0], rows[0], columns.at(-1)! + 1, rows.at(-1)! + 1]).toEqual([x1, y1, x2, y2]);
        expect(owners.filter((owner) => owner === index)).toHaveLength(area);
      });
    }
  });

  it("shows the shapes: a circle fills pi / 4 of its box, a triangle less", () => {
    const alone = scenes.flatMap(({ objects: all }) =>
      all.filter((one) => !all.some((other) => other !== one && overlap(one, other))),
    );
    const fill = (label: number) => {
      const shares = alone
        .filter((object) => object.label === label)
        .map(({ box, area }) => area / ((box[2] - box[0]) * (box[3] - box[1])));
      return shares.reduce((sum, share) => sum + share, 0) / shares.length;
    };
    expect(Math.abs(fill(0) - Math.PI / 4)).toBeLessThan(0.02);
    expect(fill(1)).toBeGreaterThan(0.65);
    expect(fill(2)).toBeLessThan(0.6);
  });

  it("is the same for a stream and different for another", () => {
    expect(drawScene(random(5), 160)).toEqual(scenes[5]);
    expect(scenes[5]!.image.data).not.toEqual(scenes[6]!.image.data);
  });
});

describe("drawnShapes", () => {
  it("writes a data set that opens, complete and with equal bytes for a seed", async () => {
    const [first, second] = [path.join(root, "deep/first"), path.join(root, "second")];
    expect(await drawnShapes({ directory: first, ...small })).toEqual({
      directory: first,
      classes: ["circle", "square", "triangle"],
      reused: false,
    });
    await mkdir(second);
    await drawnShapes({ directory: second, ...small });
    expect(await readdir(path.dirname(first))).toEqual(["first"]);
    const names = ["instances_train.json", "instances_val.json", "images/train_00004.png", "images/val_00002.png"];
    for (const name of names) {
      expect(await readFile(path.join(first, name))).toEqual(await readFile(path.join(second, name)));
    }
    const dataset = await openDataset(first, "val");
    expect(dataset.warnings).toEqual([]);
    expect(dataset.images.map(({ cocoId }) => cocoId)).toEqual([5, 6]);
    const scene = drawScene(random(3, 1, 1), 160);
    expect(await decodeImage(dataset.images[1]!.file)).toEqual(scene.image);
    expect([...dataset.images[1]!.boxes.data]).toEqual(scene.objects.flatMap(({ box }) => [...box]));
  });

  it("uses again what it has drawn, and touches nothing else", async () => {
    const directory = path.join(root, "again");
    await drawnShapes({ directory, ...small });
    expect((await drawnShapes({ directory, ...small })).reused).toBe(true);
    expect(await ladError(() => drawnShapes({ directory, ...small, seed: 4 }))).toMatchObject({
      code: "IO",
      message: `drawnShapes: ${directory} holds something else; choose another directory or remove it`,
    });
    const file = await writeText(path.join(root, "file"), "mine");
    expect((await ladError(() => drawnShapes({ directory: file, ...small }))).code).toBe("IO");
    expect(await readFile(file, "utf8")).toBe("mine");
  });

  it("leaves nothing behind when it cannot write", async () => {
    await writeText(path.join(root, "blocked/file"), "");
    expect((await ladError(() => drawnShapes({ directory: path.join(root, "blocked/file/set"), ...small }))).code).toBe(
      "IO",
    );
    expect(await readdir(path.join(root, "blocked"))).toEqual(["file"]);
  });

  it("refuses counts and sides out of range", async () => {
    const directory = path.join(root, "never");
    const { message } = await ladError(() =>
      drawnShapes({ directory, seed: 1, images: { train: 0, val: 1 }, side: 160 }),
    );
    expect(message).toContain("images.train >= 1, images.val >= 1, seed >= 0, side >= 112, got 0, 1, 1, 160");
    expect((await ladError(() => drawnShapes({ directory, ...small, side: 100 }))).code).toBe("INVALID_ARGUMENT");
  });
});
