import { ndArray, type TypedArray } from "@lad/core";
import { describe, expect, it } from "vitest";
import * as host from "../index";
import { classwiseNms, hardNms, multiclassNms, softNms } from "./index";

const data = Float32Array.of(0, 0, 10, 10, 1, 0, 11, 10, 40, 0, 50, 10);
const best = Float32Array.of(0.7, 0.9, 0.8);
const tensor = (values: TypedArray, ...shape: number[]) => ({ shape, data: async () => values });

describe("NMS on tensors", () => {
  const boxes = tensor(data, 3, 4);
  const rows = ndArray(data, [3, 4]);

  it("gives what the same call on arrays gives", async () => {
    const options = { iouThreshold: 0.3 };
    expect(await hardNms(boxes, tensor(best, 3), options)).toEqual(host.hardNms(rows, best, options));
    expect(await hardNms(boxes, tensor(best, 3), options)).toEqual(Int32Array.of(1, 2));
    const labels = tensor(Int32Array.of(0, 1, 0), 3);
    expect(await classwiseNms(boxes, tensor(best, 3), labels, options)).toEqual(Int32Array.of(1, 2, 0));
    expect(await softNms(boxes, tensor(best, 3))).toEqual(host.softNms(rows, best));
    const table = Float32Array.of(0.7, 0.1, 0.9, 0.3, 0, 0.8);
    const found = await multiclassNms(boxes, tensor(table, 3, 2), options);
    expect(found).toEqual(host.multiclassNms(rows, ndArray(table, [3, 2]), options));
    expect(found.detections.labels).toEqual(Int32Array.of(0, 1, 1));
  });

  it("takes a batch of one, refuses a larger one, and works without boxes", async () => {
    expect(await hardNms(tensor(data, 1, 3, 4), tensor(best, 1, 3))).toEqual(Int32Array.of(1, 2));
    const two = tensor(Float32Array.of(...data, ...data), 2, 3, 4);
    await expect(hardNms(two, tensor(best, 3))).rejects.toThrow(
      "hardNms: boxes must be of rank 2 (or a batch of one), got [2,3,4]; call it image by image",
    );
    await expect(hardNms(boxes, tensor(Float32Array.of(1), 1))).rejects.toThrow("3 boxes need as many scores, got 1");
    expect(await hardNms(tensor(new Float32Array(), 0, 4), tensor(new Float32Array(), 0))).toEqual(new Int32Array());
  });

  it("reads integer tensors, and leaves its arguments alone", async () => {
    const before = data.slice();
    expect(await hardNms(tensor(Int32Array.from(data), 3, 4), tensor(best, 3))).toEqual(Int32Array.of(1, 2));
    await hardNms(boxes, tensor(best, 3));
    expect(data).toEqual(before);
  });
});
