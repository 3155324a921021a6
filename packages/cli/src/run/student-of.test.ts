import { LadError, type NdRecord, ndArray } from "@lad/core";
import { expect, test } from "vitest";
import { studentOf } from "./student-of";

const record = (...names: string[]): NdRecord =>
  Object.fromEntries(names.map((name, index) => [name, ndArray(Float32Array.of(index), [1])]));

test("ours: the student's prefix goes, other networks go", () => {
  const slim = studentOf(record("teacher.backbone.conv1.weight", "student.backbone.conv1.weight", "adapter.0.weight"));
  expect(slim).toEqual({ "backbone.conv1.weight": ndArray(Float32Array.of(1), [1]) });
});

test("the references': teachers in the head or beside it go, the student's names stay", () => {
  const own = ["backbone.conv1.weight", "bbox_head.gfl_cls.weight"];
  const taught = [...own, "bbox_head.teacher_models.backbone.conv1.weight", "teacher_bbox_head.atss_cls.weight"];
  expect(Object.keys(studentOf(record(...taught)))).toEqual(own);
  expect(Object.keys(studentOf(record(...own)))).toEqual(own);
});

test("nothing but teachers is an error", () => {
  try {
    studentOf(record("teacher.conv.weight"));
    expect.unreachable();
  } catch (error) {
    expect(LadError.is(error) && error.code).toBe("INVALID_FILE");
  }
});
