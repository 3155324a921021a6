import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, beforeAll, expect, it } from "vitest";
import { readVocAnnotations, readVocDirectory } from "./index";

let directory = "";
beforeAll(async () => {
  directory = await mkdtemp(path.join(tmpdir(), "lad-voc-"));
  await mkdir(path.join(directory, "Annotations"));
  await mkdir(path.join(directory, "ImageSets", "Main"), { recursive: true });
  const object = (name: string, side: number) =>
    `<object><name>${name}</name><bndbox><xmin>1</xmin><ymin>1</ymin><xmax>${side}</xmax><ymax>${side}</ymax></bndbox></object>`;
  const write = (id: string, text: string) =>
    writeFile(path.join(directory, "Annotations", `${id}.xml`), `<annotation>${text}</annotation>`);
  await write("b", object("dog", 9) + object("ant", 2));
  await write("a", object("cat", 5));
  await writeFile(path.join(directory, "Annotations", "notes.txt"), "not an annotation");
  await writeFile(path.join(directory, "ImageSets", "Main", "test.txt"), "b 1\r\n\r\n");
  await writeFile(path.join(directory, "ImageSets", "Main", "empty.txt"), "\n");
  await writeFile(path.join(directory, "ImageSets", "Main", "twice.txt"), "a\nb\na\n");
  await writeFile(path.join(directory, "ImageSets", "Main", "gone.txt"), "c\n");
});
afterAll(() => rm(directory, { recursive: true }));

it("reads every annotation, or those of a list; classes are those of the whole folder", async () => {
  const all = await readVocDirectory(directory, { origin: 1 });
  expect(all.ids).toEqual(["a", "b"]);
  expect(all.classes).toEqual(["ant", "cat", "dog"]);
  expect(all.images.map(({ labels }) => [...labels])).toEqual([[1], [2, 0]]);
  expect([...all.images[0]!.boxes.data]).toEqual([0, 0, 4, 4]);
  const listed = await readVocDirectory(directory, { origin: 0, split: "test", classes: ["dog"] });
  expect(listed).toMatchObject({ ids: ["b"], classes: ["dog"] });
  expect([...listed.images[0]!.boxes.data]).toEqual([1, 1, 9, 9]);
});

it.each([
  ["empty", "INVALID_DATA", "empty.txt lists no pictures"],
  ["twice", "INVALID_DATA", "twice.txt lists a twice"],
  ["gone", "NOT_FOUND", "c.xml does not exist"],
  ["none", "NOT_FOUND", "none.txt does not exist"],
])("refuses the list %s", async (split, code, message) => {
  const error = await readVocAnnotations(directory, { split }).catch((reason) => reason);
  expect(error).toMatchObject({ code, message: expect.stringContaining(message) });
});

it("refuses a directory without annotations", async () => {
  const error = await readVocAnnotations(path.join(directory, "ImageSets")).catch((reason) => reason);
  expect(error).toMatchObject({
    code: "NOT_FOUND",
    message: expect.stringContaining("is not a directory that can be read"),
  });
});
