import { LadError, type PreAssignment } from "@lad/core";
import { describe, expect, it } from "vitest";
import { chooseCosts } from "./index";

/** One image; candidates 0…n-1 are anchors in order, all of level 0 unless `levels` says how many each level has. */
function preAssigned(matchedGt: readonly number[], levels: readonly number[] = [matchedGt.length]): PreAssignment {
  const count = matchedGt.length;
  const image = {
    labels: new Int32Array(count),
    labelWeights: new Float32Array(count).fill(1),
    candidates: Int32Array.from({ length: count }, (_, i) => i),
    matchedGt: Int32Array.from(matchedGt),
    targets: new Float32Array(count * 4),
  };
  return { images: [image], levelSizes: levels, anchorsPerImage: count, classes: 1 };
}
const costs = (...values: number[]) => [Float32Array.from(values)];

describe("chooseCosts", () => {
  it("takes the second network's costs where they spread at least as much, per ground truth and level", () => {
    const pre = preAssigned([0, 0, 1, 1, 0, 0], [4, 2]);
    const first = costs(1, 2, 1, 3, 1, 1);
    const second = costs(1, 3, 2, 2, 2, 2);
    const { costs: chosen, images, metrics } = chooseCosts(pre, first, second);
    // gt 0 on level 0: the second spreads more; on level 1 both not at all, a tie; gt 1: the first
    expect([...images[0]!.choices]).toEqual([1, 1, 0, -1]);
    expect([...chosen[0]!]).toEqual([1, 3, 1, 3, 2, 2]);
    expect(metrics.t_ratio).toBeCloseTo(2 / 3);
    expect(metrics.s_mean).toBeCloseTo((1.5 + 1 + 2) / 3);
    expect(metrics.t_std).toBeCloseTo(Math.SQRT2 / 3);
  });

  it("gives a single candidate to the cheaper network, ties to the first", () => {
    const pre = preAssigned([0, 1]);
    expect([...chooseCosts(pre, costs(2, 2), costs(1, 2)).images[0]!.choices]).toEqual([1, 0]);
    expect(chooseCosts(pre, costs(2, 2), costs(1, 2)).metrics.s_std).toBeUndefined();
  });

  it("swaps its choices when the networks are swapped, ties apart", () => {
    const pre = preAssigned([0, 0, 0, 1, 1, 1]);
    const [one, two] = [costs(0.5, 1, 2, 3, 3.5, 5), costs(0.5, 0.6, 0.7, 1, 4, 9)];
    for (const criterion of ["stdMean", "fisher"] as const) {
      const granularity = criterion === "fisher" ? "gt" : "level";
      const there = chooseCosts(pre, one, two, { criterion, granularity });
      const back = chooseCosts(pre, two, one, { criterion, granularity });
      expect([...back.images[0]!.choices]).toEqual([...there.images[0]!.choices].map((choice) => 1 - choice));
      expect(back.costs).toEqual(there.costs);
    }
  });

  it("decides an image or a batch as one, by the mean score", () => {
    const pre = preAssigned([0, 0, 1, 1]);
    const [one, two] = [costs(1, 9, 1, 1.1), costs(1, 1.1, 1, 2)];
    expect([...chooseCosts(pre, one, two, { granularity: "gt" }).images[0]!.choices]).toEqual([0, 1]);
    for (const granularity of ["image", "batch"] as const) {
      const { images, costs: chosen } = chooseCosts(pre, one, two, { granularity });
      expect([...images[0]!.choices]).toEqual([0, 0]);
      expect(chosen).toEqual(one);
    }
  });

  it("does not decide by Fisher's criterion where there is one candidate", () => {
    const { images, costs: chosen } = chooseCosts(preAssigned([0]), costs(2), costs(1), {
      criterion: "fisher",
      granularity: "gt",
    });
    expect([...images[0]!.choices]).toEqual([-1]);
    expect([...chosen[0]!]).toEqual([2]);
  });

  it("has nothing to say of images without candidates", () => {
    const { images, metrics } = chooseCosts(preAssigned([]), costs(), costs());
    expect(images[0]!.choices).toHaveLength(0);
    expect(metrics).toEqual({});
  });

  it("refuses costs that do not fit", () => {
    try {
      chooseCosts(preAssigned([0, 0]), costs(1, 2), costs(1));
      expect.unreachable();
    } catch (error) {
      expect(LadError.is(error) && error.code).toBe("SHAPE_MISMATCH");
      expect(String(error)).toContain("chooseCosts: 2 candidates of image 0, network 2 gave costs of 1");
    }
    expect(() => chooseCosts(preAssigned([0]), costs(1), [])).toThrow("network 2 gave costs of");
  });
});
