import { copyFile, mkdir, readFile, writeFile } from "node:fs/promises";
import path from "node:path";

/** Name and box, xyxy px counted from 0, of an object. */
export type VocTestObject = { readonly name: string; readonly box: readonly number[]; readonly difficult?: boolean };

type Splits = Readonly<Record<string, readonly string[]>>;

// the side of the drawn shapes of `tinyWorkplace`
const size = "<size><width>112</width><height>112</height></size>";

/** Writes annotations and lists of a VOC directory whose pictures are 112 px wide and high; coordinates count from 1 there. */
export async function writeVocAnnotations(
  directory: string,
  objects: Readonly<Record<string, readonly VocTestObject[]>>,
  splits: Splits,
): Promise<void> {
  const at = (...parts: string[]) => path.join(directory, ...parts);
  for (const folder of [at("Annotations"), at("JPEGImages"), at("ImageSets", "Main")])
    await mkdir(folder, { recursive: true });
  for (const [id, list] of Object.entries(objects))
    await writeFile(at("Annotations", `${id}.xml`), `<annotation>${size}${list.map(objectXml).join("")}</annotation>`);
  for (const [split, ids] of Object.entries(splits))
    await writeFile(at("ImageSets", "Main", `${split}.txt`), `${ids.join("\n")}\n`);
}

function objectXml({ name, box, difficult = false }: VocTestObject): string {
  const sides = ["xmin", "ymin", "xmax", "ymax"].map((tag, side) => `<${tag}>${box[side]! + 1}</${tag}>`);
  return `<object><name>${name}</name><difficult>${Number(difficult)}</difficult><bndbox>${sides.join("")}</bndbox></object>`;
}

type CocoFile = {
  images: { id: number; file_name: string }[];
  categories: { id: number; name: string }[];
  annotations: { image_id: number; category_id: number; bbox: [number, number, number, number] }[];
};

/** Rewrites splits of a flat COCO directory as a VOC directory. `difficult`: pictures, by name, whose objects are all difficult. */
export async function cocoAsVoc(
  from: string,
  to: string,
  splits: Readonly<Record<string, string>>,
  difficult: readonly string[] = [],
): Promise<void> {
  for (const [split, source] of Object.entries(splits)) {
    const coco = JSON.parse(await readFile(path.join(from, `instances_${source}.json`), "utf8")) as CocoFile;
    const names = new Map(coco.images.map(({ id, file_name }) => [id, path.parse(file_name).name]));
    const nameOf = new Map(coco.categories.map(({ id, name }) => [id, name]));
    const objects: Record<string, VocTestObject[]> = Object.fromEntries([...names.values()].map((name) => [name, []]));
    for (const { image_id, category_id, bbox } of coco.annotations) {
      const [x, y, width, height] = bbox;
      const name = names.get(image_id)!;
      const box = [x, y, x + width, y + height];
      objects[name]!.push({ name: nameOf.get(category_id)!, box, difficult: difficult.includes(name) });
    }
    await writeVocAnnotations(to, objects, { [split]: [...names.values()] });
    for (const { file_name: file } of coco.images)
      await copyFile(path.join(from, "images", file), path.join(to, "JPEGImages", file));
  }
}
