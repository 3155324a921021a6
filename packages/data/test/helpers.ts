import { mkdtempSync, rmSync } from "node:fs";
import { mkdir, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { LadError, type LadErrorCode, ndArray, random } from "@lad/core";
import sharp from "sharp";
import { afterAll } from "vitest";
import type { Dataset, DatasetImage, Pipeline, RgbImage } from "../src/index";

/** A folder that is removed when the test file is done. */
export function temporaryFolder(): string {
  const folder = mkdtempSync(path.join(tmpdir(), "lad-data-"));
  afterAll(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

export function noiseImage(width: number, height: number, seed = 0): RgbImage {
  const stream = random(seed);
  return { data: Uint8Array.from({ length: width * height * 3 }, () => stream.integer(256)), width, height };
}

/** One row of grey pixels, repeated in `rows` rows. */
export function greyRows(values: readonly number[], rows = 1): RgbImage {
  const row = values.flatMap((value) => [value, value, value]);
  const data = Uint8Array.from(Array.from({ length: rows }, () => row).flat());
  return { data, width: values.length, height: rows };
}

export async function writePng(file: string, { data, width, height }: RgbImage): Promise<string> {
  await mkdir(path.dirname(file), { recursive: true });
  await sharp(data, { raw: { width, height, channels: 3 } })
    .png()
    .toFile(file);
  return file;
}

export async function writeText(file: string, text: string): Promise<string> {
  await mkdir(path.dirname(file), { recursive: true });
  await writeFile(file, text);
  return file;
}

/** The code and message of the LadError that is thrown or rejected with. */
export async function ladError(action: () => unknown): Promise<{ code: LadErrorCode; message: string }> {
  try {
    await action();
  } catch (error) {
    if (LadError.is(error)) return { code: error.code, message: error.message };
    throw error;
  }
  throw new Error("a LadError was expected, nothing was thrown");
}

export function datasetImage(fields: Partial<DatasetImage> & { boxList?: number[][] } = {}): DatasetImage {
  const { boxList = [[1, 2, 5, 6]], ...rest } = fields;
  return {
    id: "1",
    file: "1.png",
    width: 8,
    height: 8,
    boxes: ndArray(Float32Array.from(boxList.flat()), [boxList.length, 4]),
    labels: new Int32Array(boxList.length),
    ignoreBoxes: ndArray(new Float32Array(0), [0, 4]),
    ...rest,
  };
}

/** A data set of noise pictures on disk, of sides 8, 9, … px. */
export async function noiseDataset(folder: string, count: number): Promise<Dataset> {
  const images = await Promise.all(
    Array.from({ length: count }, async (_, index) => {
      const [width, height] = [8 + index, 8 + ((index * 3) % 5)];
      const file = await writePng(path.join(folder, `${index}.png`), noiseImage(width, height, index));
      return datasetImage({ id: String(index), file, width, height });
    }),
  );
  return { name: "noise", classes: ["thing"], categoryIds: [1], images, warnings: [] };
}

export const pipeline: Pipeline = {
  resize: { kind: "fixed", width: 16, height: 12 },
  interpolation: "cv2",
  flip: 0.5,
  mean: [123.675, 116.28, 103.53],
  std: [58.395, 57.12, 57.375],
  padMultiple: 8,
};
