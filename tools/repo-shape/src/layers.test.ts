import { expect, it } from "vitest";
import { isPlaced, mayImport } from "./layers";

it.each([
  ["boxes", "core"],
  ["assigners", "boxes"],
  ["losses", "tensor"],
  ["detectors", "nms"],
  ["train", "data"],
  ["recipes", "distill"],
  ["checkpoints", "tensor"],
  ["data", "boxes"],
  ["testing", "tensor"],
  ["cli", "backends"],
])("%s may import %s", (from, to) => {
  expect(mayImport(from, to)).toBe(true);
});

it.each([
  ["core", "boxes"],
  ["boxes", "tensor"],
  ["assigners", "nms"],
  ["nms", "assigners"],
  ["tensor", "nn"],
  ["heads", "backbones"],
  ["train", "distill"],
  ["distill", "train"],
  ["detectors", "data"],
  ["data", "tensor"],
  ["checkpoints", "detectors"],
  ["checkpoints", "data"],
  ["core", "nothing-we-know"],
])("%s may not import %s", (from, to) => {
  expect(mayImport(from, to)).toBe(false);
});

it("knows where each package stands", () => {
  expect([isPlaced("core"), isPlaced("data"), isPlaced("stranger")]).toEqual([true, true, false]);
});
