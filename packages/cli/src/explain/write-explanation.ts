import { mkdir } from "node:fs/promises";
import path from "node:path";
import { writeFileAtomic } from "@lad/checkpoints";
import { confusionPicture } from "./confusion-picture";
import { curvePicture } from "./curve-picture";
import { type Explained, explanation } from "./explanation";
import { explanationPage, type PageImage } from "./explanation-page";
import { imageFiles, pictureUrl } from "./image-files";

export type WriteExplanationOptions = {
  /** The annotation file, for names and sizes of images. */
  readonly groundTruth: string;
  readonly directory: string;
  /** Where pictures are; without it boxes are drawn on grey sheets. */
  readonly images?: string;
};

/**
 * Writes index.html, which needs no other file, and what it shows as explanation.json, precision-recall.svg and confusion.svg.
 * @returns the page's file name
 */
export async function writeExplanation(
  judged: Explained,
  { groundTruth, directory, images }: WriteExplanationOptions,
): Promise<string> {
  const explained = explanation(judged);
  const files = await imageFiles(groundTruth);
  const shown = new Map<number, PageImage>();
  for (const { id } of explained.worst) {
    const image = files.get(id) ?? {};
    const href = images && image.file ? await pictureUrl(images, image.file) : undefined;
    shown.set(id, { ...image, ...(href && { href }) });
  }
  await mkdir(directory, { recursive: true });
  const write = (name: string, text: string) => writeFileAtomic(path.join(directory, name), text);
  await write("explanation.json", `${JSON.stringify(explained, null, 2)}\n`);
  await write("precision-recall.svg", curvePicture(explained.curves));
  await write("confusion.svg", confusionPicture(explained.confusion));
  await write("index.html", explanationPage(explained, shown));
  return path.join(directory, "index.html");
}
