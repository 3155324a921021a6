import { describe, expect, it } from "vitest";
import { bestAnchors } from "./best-anchors";

describe("bestAnchors", () => {
  const logits = Float32Array.of(0, -9, 3, 1, -1, 2, 5, 5);

  it("keeps every anchor of a level that is small enough, in order", () => {
    const { rows, scores } = bestAnchors({
      outputs: logits,
      form: "logits",
      classes: 2,
      levelSizes: [3, 1],
      perLevel: 3,
    });
    expect([...rows]).toEqual([0, 1, 2, 3]);
    expect(scores.shape).toEqual([4, 2]);
    expect(scores.data[0]).toBe(0.5);
  });

  it("takes the best of a larger level by the best class, ties by index", () => {
    expect([
      ...bestAnchors({ outputs: logits, form: "logits", classes: 2, levelSizes: [3, 1], perLevel: 1 }).rows,
    ]).toEqual([1, 3]);
    const equal = bestAnchors({
      outputs: new Float32Array(6),
      form: "logits",
      classes: 2,
      levelSizes: [3],
      perLevel: 2,
    });
    expect([...equal.rows]).toEqual([0, 1]);
  });

  it("multiplies by the quality under a root", () => {
    const { rows, scores } = bestAnchors({
      outputs: logits,
      form: "logits",
      quality: Float32Array.of(-9, -9, 0, 0),
      classes: 2,
      levelSizes: [3, 1],
      perLevel: 1,
    });
    expect([...rows]).toEqual([2, 3]);
    const sigmoid = (x: number) => 1 / (1 + Math.exp(-x));
    expect(scores.data[1]).toBeCloseTo(Math.sqrt(sigmoid(2) * 0.5), 6);
  });

  it("takes probabilities as they are", () => {
    const outputs = Float32Array.of(0.25, 0, 0.5, 1);
    const { scores } = bestAnchors({ outputs, form: "probabilities", classes: 2, levelSizes: [2], perLevel: 2 });
    expect([...scores.data]).toEqual([0.25, 0, 0.5, 1]);
  });

  it("takes no anchors for none", () => {
    expect(
      bestAnchors({ outputs: new Float32Array(0), form: "logits", classes: 2, levelSizes: [], perLevel: 5 }).rows,
    ).toHaveLength(0);
  });
});
