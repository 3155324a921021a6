import { readFile } from "node:fs/promises";
import path from "node:path";
import { decodeImage } from "@lad/data";
import { createCanvas } from "@napi-rs/canvas";
import { z } from "zod";
import { pictureCanvas } from "../draw/picture-canvas";

/** What the annotation file says of an image. */
export type ImageFile = { readonly file?: string; readonly width?: number; readonly height?: number };

const images = z.object({
  images: z.array(
    z.object({
      id: z.number(),
      file_name: z.string().optional().catch(undefined),
      width: z.number().positive().optional().catch(undefined),
      height: z.number().positive().optional().catch(undefined),
    }),
  ),
});

/** File names and sizes by image id; the evaluation itself needs neither. */
export async function imageFiles(groundTruth: string): Promise<ReadonlyMap<number, ImageFile>> {
  const parsed = images.parse(JSON.parse(await readFile(groundTruth, "utf8")));
  return new Map(
    parsed.images.map(({ id, file_name: file, width, height }) => [
      id,
      {
        ...(file !== undefined && { file }),
        ...(width !== undefined && { width }),
        ...(height !== undefined && { height }),
      },
    ]),
  );
}

const largestSide = 720;

/** A picture as a data URL, shrunk; nothing if it is not there or cannot be read. */
export async function pictureUrl(directory: string, file: string): Promise<string | undefined> {
  const picture = await decodeImage(path.join(directory, file)).catch(() => undefined);
  if (!picture) return undefined;
  const scale = Math.min(1, largestSide / Math.max(picture.width, picture.height));
  const canvas = createCanvas(Math.round(picture.width * scale), Math.round(picture.height * scale));
  canvas.getContext("2d").drawImage(pictureCanvas(picture), 0, 0, canvas.width, canvas.height);
  return `data:image/jpeg;base64,${(await canvas.encode("jpeg", 80)).toString("base64")}`;
}
