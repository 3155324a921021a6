import { createHash } from "node:crypto";
import { describe, expect, it } from "vitest";
import {
  boxIou,
  decodeRle,
  encodeRle,
  mergeRles,
  rleArea,
  rleBox,
  rleFromBox,
  rleFromPolygons,
  rleFromString,
  rleIou,
  rleToString,
} from "../src/rle/index";
import { goldenRle } from "./golden-case";

const golden = goldenRle();

describe("masks against the original COCO API", () => {
  it.each(golden.encode)("encodes and decodes: $name", ({ h, w, rows, uncompressed, counts, area, bbox }) => {
    const mask = { data: Uint8Array.from(rows.join(""), Number), shape: [h, w] };
    const rle = encodeRle(mask);
    expect(Array.from(rle.counts)).toEqual(uncompressed);
    expect(rleToString(rle)).toBe(counts);
    expect(rleFromString(counts, [h, w])).toEqual(rle);
    expect(decodeRle(rle)).toEqual(mask);
    expect(rleArea(rle)).toBe(area);
    expect(rleBox(rle)).toEqual(bbox);
  });

  it.each(golden.frPolys)("draws polygons: $name", (example) => {
    const size = [example.h, example.w] as const;
    const parts = example.polys.map((points) => rleFromPolygons([points], size));
    expect(parts.map(rleToString)).toEqual(example.counts);
    expect(parts.map(rleArea)).toEqual(example.areas);
    const merged = rleFromPolygons(example.polys, size);
    expect(rleToString(merged)).toBe(example.mergedCounts);
    expect(rleArea(merged)).toBe(example.mergedArea);
    expect(rleBox(merged)).toEqual(example.mergedBbox);
  });

  it("draws boxes", () => {
    const { h, w, boxes, counts, areas, bbox } = golden.frBboxes;
    const rles = boxes.map((box) => rleFromBox(box, [h, w]));
    expect(rles.map(rleToString)).toEqual(counts);
    expect(rles.map(rleArea)).toEqual(areas);
    expect(rles.map(rleBox)).toEqual(bbox);
  });

  it.each(golden.frUncompressed)("takes counts as they are: $uncompressed", (example) => {
    const rle = { size: example.size, counts: Uint32Array.from(example.uncompressed) };
    expect(rleToString(rle)).toBe(example.counts);
    expect(rleArea(rle)).toBe(example.area);
    expect(rleBox(rle)).toEqual(example.bbox);
    expect(columnMajorSha(decodeRle(rle))).toBe(example.decodedColumnMajorSha256);
  });

  it.each(golden.merge)("merges %#", (example) => {
    const rles = example.in.map((text, i) => rleFromString(text, (example.sizes?.[i] ?? example.size)!));
    const union = mergeRles(rles);
    expect(rleToString(union)).toBe(example.union);
    if (example.unionSize) expect(union.size).toEqual(example.unionSize);
    if (example.intersect) expect(rleToString(mergeRles(rles, "intersection"))).toBe(example.intersect);
  });

  it.each(golden.iou)("gives IoU %#", ({ size, dt, gt, iscrowd, iou, iouNoCrowd }) => {
    const [detections, annotations] = [dt, gt].map((list) => list.map((text) => rleFromString(text, size))) as [
      ReturnType<typeof rleFromString>[],
      ReturnType<typeof rleFromString>[],
    ];
    expect(Array.from(rleIou(detections, annotations, iscrowd).data)).toEqual(iou.flat());
    expect(Array.from(rleIou(detections, annotations).data)).toEqual(iouNoCrowd.flat());
  });

  it.each(golden.bboxIou)("gives IoU of boxes %#", ({ dt, gt, iscrowd, iou }) => {
    expect(Array.from(boxIou(dt.flat(), gt.flat(), iscrowd).data)).toEqual(iou.flat());
  });
});

function columnMajorSha({ data, shape }: ReturnType<typeof decodeRle>): string {
  const [height, width] = shape as [number, number];
  const columns = new Uint8Array(data.length);
  for (let x = 0; x < width; x++) for (let y = 0; y < height; y++) columns[x * height + y] = data[y * width + x]!;
  return createHash("sha256").update(columns).digest("hex");
}
