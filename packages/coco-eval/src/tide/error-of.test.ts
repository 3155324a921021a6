import { expect, it } from "vitest";
import { errorOf } from "./error-of";

const thresholds = { foregroundIou: 0.5, backgroundIou: 0.1 };
const at = (...objects: [iou: number, same: boolean, found?: boolean][]) =>
  errorOf(thresholds, objects.length, (g) => {
    const [iou, same, found = false] = objects[g]!;
    return { iou, same, found };
  });

it("takes the first rule that holds, limits included as TIDE has them", () => {
  expect(at()).toEqual({ kind: "Bkg", object: -1 });
  expect(at([0.1, true])).toEqual({ kind: "Loc", object: 0 });
  expect(at([0.1, false])).toEqual({ kind: "Bkg", object: -1 });
  expect(at([0.5, true, true])).toEqual({ kind: "Loc", object: 0 });
  expect(at([0.3, true], [0.9, false])).toEqual({ kind: "Loc", object: 0 });
  expect(at([0.6, true, true], [0.5, false])).toEqual({ kind: "Cls", object: 1 });
  expect(at([0.6, true, true], [0.49, false])).toEqual({ kind: "Dupe", object: 0 });
  expect(at([0.05, true], [0.3, false])).toEqual({ kind: "Both", object: -1 });
});

it("takes the first of equal overlaps", () => {
  expect(at([0.3, true], [0.3, true]).object).toBe(0);
  expect(at([0.7, false], [0.7, false]).object).toBe(0);
  expect(at([0.8, true, true], [0.8, true, true]).object).toBe(0);
});
