import { describe, expect, it } from "vitest";
import { datasetImage, ladError, noiseImage, pipeline } from "../test/helpers";
import { collate } from "./collate";
import { prepareSample } from "./prepare-sample";

const sample = (id: string, width: number, height: number) => {
  const resize = { kind: "fixed", width, height } as const;
  return prepareSample(datasetImage({ id }), noiseImage(8, 8), { ...pipeline, resize }, undefined);
};

describe("collate", () => {
  it("pads every sample to the largest height and the largest width", () => {
    const [wide, high] = [sample("wide", 24, 8), sample("high", 8, 16)];
    const batch = collate([wide, high]);
    expect(batch.images.shape).toEqual([2, 16, 24, 3]);
    expect(batch.ids).toEqual(["wide", "high"]);
    expect(batch.sizes.map(({ padded }) => padded)).toEqual([
      { height: 8, width: 24 },
      { height: 16, width: 8 },
    ]);
    const pixel = (image: number, y: number, x: number) => batch.images.data[((image * 16 + y) * 24 + x) * 3];
    expect(pixel(0, 7, 23)).toBe(wide.image.data[(7 * 24 + 23) * 3]);
    expect(pixel(1, 15, 7)).toBe(high.image.data[(15 * 8 + 7) * 3]);
    expect([pixel(0, 8, 0), pixel(1, 0, 8)]).toEqual([0, 0]);
    expect(batch.boxes[1]).toBe(high.boxes);
    expect(batch.labels).toHaveLength(2);
    expect(batch.ignoreBoxes[0]!.shape).toEqual([0, 4]);
  });

  it("refuses an empty batch", async () => {
    expect((await ladError(() => collate([]))).message).toBe("collate: a batch needs at least one sample, got none");
  });
});
