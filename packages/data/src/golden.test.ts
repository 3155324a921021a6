import { existsSync, readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import { flipImage } from "./flip-image";
import type { RgbImage } from "./image";
import { resizeCv2 } from "./resize-cv2";
import { resizeCv2Float } from "./resize-cv2-float";
import { resizePillow } from "./resize-pillow";

const golden = process.env.LAD_GOLDEN ?? fileURLToPath(new URL("../../../../shared/golden", import.meta.url));
const folder = path.join(golden, "image_ops");
const files = existsSync(folder) ? readdirSync(folder).filter((name) => name.endsWith(".safetensors")) : [];

type Entry = { dtype: string; shape: [number, number, number]; data_offsets: [number, number] };

function readTensors(file: string) {
  const bytes = readFileSync(file);
  const headerLength = Number(bytes.readBigUInt64LE(0));
  const { __metadata__, ...entries } = JSON.parse(bytes.toString("utf8", 8, 8 + headerLength)) as Record<string, Entry>;
  return new Map(
    Object.entries(entries).map(
      ([
        name,
        {
          dtype,
          shape,
          data_offsets: [from, to],
        },
      ]) => {
        const raw = Uint8Array.from(bytes.subarray(8 + headerLength + from, 8 + headerLength + to));
        return [name, { shape, data: dtype === "F32" ? new Float32Array(raw.buffer) : raw }];
      },
    ),
  );
}

const operations: Record<string, (image: RgbImage, size: { width: number; height: number }) => ArrayLike<number>> = {
  cv2: (image, size) => resizeCv2(image, size).data,
  cv2f: (image, size) => resizeCv2Float(image, size).data,
  pil: (image, size) => resizePillow(image, size).data,
  flip: (image) => flipImage(image).data,
};

/** A 4x2 picture and what OpenCV and Pillow make of its columns; the recorded files follow where they are at hand. */
const own = new Map([
  ["in.step", { shape: [2, 4, 3], data: picture([0, 0, 255, 255]) }],
  ["out.cv2.step.2x2", { shape: [2, 2, 3], data: picture([0, 255]) }],
  ["out.pil.step.2x2", { shape: [2, 2, 3], data: picture([36, 219]) }],
  ["out.flip.step", { shape: [2, 4, 3], data: picture([255, 255, 0, 0]) }],
]) as ReturnType<typeof readTensors>;

function picture(columns: number[]): Uint8Array {
  const row = columns.flatMap((value) => [value, value, value]);
  return Uint8Array.from([...row, ...row]);
}

describe("numbers of OpenCV and Pillow", () => {
  it.each(["own", ...files])("%s", (file) => {
    const tensors = file === "own" ? own : readTensors(path.join(folder, file));
    let compared = 0;
    for (const [name, { shape, data }] of tensors) {
      const [kind, operation, picture] = name.split(".");
      if (kind !== "out") continue;
      const source = tensors.get(`in.${picture}`)!;
      const image = { data: source.data as Uint8Array, width: source.shape[1], height: source.shape[0] };
      const ours = operations[operation!]!(image, { width: shape[1], height: shape[0] });
      let worst = 0;
      for (let i = 0; i < data.length; i++) worst = Math.max(worst, Math.abs(data[i]! - ours[i]!));
      expect(ours.length, name).toBe(data.length);
      expect(worst, name).toBeLessThanOrEqual(operation === "cv2f" ? 1e-3 : 0);
      compared++;
    }
    expect(compared).toBeGreaterThan(0);
  });
});
