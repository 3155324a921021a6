import { ndArray } from "@lad/core";
import { detectron2File, torchFile } from "@lad/testing";
import { describe, expect, it } from "vitest";
import { convertCheckpoint, readCheckpoint, readSafetensors, writeSafetensors } from "./index";

const values = (...data: number[]) => ndArray(Float32Array.from(data), [data.length]);

describe("convertCheckpoint", () => {
  it("renames detectron2's pickles, on their way to safetensors", () => {
    const record = { "backbone.bottom_up.stem.conv1.norm.bias": values(1, 2), "head.cls_score.bias": values(3) };
    const read = readCheckpoint(detectron2File(record));
    const { tensors, metadata, renamed } = convertCheckpoint(read);
    expect(readSafetensors(writeSafetensors(tensors, metadata)).tensors).toEqual({
      "backbone.bn1.bias": values(1, 2),
      "bbox_head.retina_cls.bias": values(3),
    });
    expect(renamed.size).toBe(2);
    expect(convertCheckpoint(read, { keepNames: true }).tensors).toEqual(record);
    expect(convertCheckpoint(read, { head: "fcos" }).tensors).toHaveProperty(["bbox_head.conv_cls.bias"]);
  });

  it("leaves mmdetection's names, and the optimiser out", () => {
    const record = { "bbox_head.atss_cls.bias": values(1), "teacher_backbone.bn1.bias": values(2) };
    const read = readCheckpoint(torchFile(record, { key: "state_dict" }));
    const { tensors, renamed, skipped } = convertCheckpoint({
      ...read,
      optimizer: { tensors: { "state.0.momentum_buffer": values(1) }, metadata: {} },
    });
    expect(tensors).toEqual(record);
    expect(renamed.size).toBe(0);
    expect(skipped).toEqual(["optimizer.state.0.momentum_buffer"]);
  });

  it("knows states of optimisers by their names, ours too", () => {
    const tensors = {
      "student.conv.weight": values(1),
      "state/optimizer/0/conv.weight": values(2),
      "optimizer.state.0.exp_avg": values(3),
      "optimized.weight": values(4),
    };
    const { tensors: kept, skipped } = convertCheckpoint({ tensors, metadata: {} });
    expect(Object.keys(kept)).toEqual(["student.conv.weight", "optimized.weight"]);
    expect(skipped).toEqual(["state/optimizer/0/conv.weight", "optimizer.state.0.exp_avg"]);
  });

  it("lets a caller choose what is kept", () => {
    const tensors = { "student.a": values(1), "teacher.a": values(2) };
    const select = (all: Readonly<Record<string, (typeof tensors)["student.a"]>>) => ({ a: all["student.a"]! });
    const { tensors: kept } = convertCheckpoint({ tensors, metadata: { note: "x" } }, { select: select as never });
    expect(kept).toEqual({ a: values(1) });
  });
});
