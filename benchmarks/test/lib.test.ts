import { findRecipe } from "@lad/recipes";
import { describe, expect, it } from "vitest";
import { bccdMethods, bccdTables, neededRuns } from "../lib/bccd-runs.mjs";
import { bccdTable } from "../lib/bccd-table.mjs";
import { convCases, isDense } from "../lib/conv-cases.mjs";
import { geometricMean } from "../lib/geometric-mean.mjs";
import { makeInput } from "../lib/make-input.mjs";
import { median } from "../lib/median.mjs";
import { prepareAlike } from "../lib/prepare-alike.mjs";
import { race } from "../lib/race.mjs";
import { sideBySide } from "../lib/side-by-side.mjs";
import { timeCalls } from "../lib/time-calls.mjs";
import { trainStepCases } from "../lib/train-step-cases.mjs";

/** A contestant whose runs take the given times, in turn. */
function contestant(name: string, times: readonly number[], order: string[] = []) {
  let next = 0;
  const call = async () => {
    order.push(name);
    return times[next++ % times.length]!;
  };
  return { name, call };
}

describe("means", () => {
  it("the median of odd and even counts, unsorted", () => {
    expect(median([3, 1, 20])).toBe(3);
    expect(median([10, 1, 2, 3])).toBe(2.5);
    expect(median([])).toBeNaN();
  });
  it("the geometric mean of 2 and 1/2 is 1", () => {
    expect(geometricMean([2, 0.5])).toBeCloseTo(1, 12);
    expect(geometricMean([4, 1])).toBeCloseTo(2, 12);
  });
});

describe("race", () => {
  it("alternates, and does not count the warm-up", async () => {
    const order: string[] = [];
    const [a, b] = [contestant("a", [9000, 1, 2, 3], order), contestant("b", [800, 6, 5, 4], order)];
    expect(await race([a, b], { rounds: 3, warmUps: 1 })).toEqual([2, 5]);
    expect(order.join("")).toBe("abababab");
  });

  it("leads short repetitions in by one that does not count", async () => {
    const order: string[] = [];
    const [a, b] = [contestant("a", [900, 50, 1, 60, 2], order), contestant("b", [800, 70, 6, 80, 5], order)];
    expect(await race([a, b], { rounds: 2, warmUps: 1 })).toEqual([1.5, 5.5]);
    expect(order.join("")).toBe("abaabbaabb");
  });

  it("the fastest peer counts; one beside is only reported", async () => {
    const result = await sideBySide({
      rounds: 3,
      ours: contestant("ours", [4]),
      peers: [contestant("slow", [9]), contestant("fast", [8])],
      beside: [contestant("beside", [1])],
    });
    expect(result).toEqual({
      unit: "ms",
      ours: 4,
      peer: 8,
      peerName: "fast",
      runs: 3,
      times: { slow: 9, fast: 8, beside: 1 },
    });
  });

  it("goes on without a peer", async () => {
    const alone = await sideBySide({ rounds: 1, ours: contestant("ours", [4]), peers: [], beside: [] });
    expect(alone).toMatchObject({ ours: 4, peer: null, peerName: null });
  });
});

describe("prepareAlike", () => {
  const answering = (name: string, answer: unknown) => ({ name, call: async () => answer });
  const failing = { name: "none", call: () => Promise.reject(new Error("Traceback\nno compiler")) };
  const differ = (ours: unknown, theirs: unknown) => (ours === theirs ? undefined : `${ours} and ${theirs}`);

  it("leaves out a peer that cannot, with its last word", async () => {
    const lines: string[] = [];
    const log = (line: string) => lines.push(line);
    const good = answering("good", 1);
    const { answer, ready } = await prepareAlike(answering("ours", 1), [failing, good], { argument: {}, differ, log });
    expect([answer, ready]).toEqual([1, [good]]);
    expect(lines).toEqual(["none left out: no compiler"]);
  });

  it("does not compare what is not the same", async () => {
    const unequal = prepareAlike(answering("ours", 1), [answering("bad", 2)], { argument: {}, differ, log: () => {} });
    await expect(unequal).rejects.toThrow("ours and bad do not do the same: 1 and 2");
  });
});

describe("timeCalls", () => {
  it("times calls only, as many as it takes to fill the least time", async () => {
    const events: string[] = [];
    const wait = (ms: number) => {
      const end = performance.now() + ms;
      while (performance.now() < end);
    };
    const timed = timeCalls({
      before: () => wait(5),
      call: () => {
        wait(1);
        events.push("call");
        return events.length;
      },
      dispose: (made: number) => events.push(`dispose ${made}`),
      least: 3,
      warmUp: 10,
    });
    await timed.calibrate();
    const before = events.length;
    const ms = await timed.run();
    expect(ms).toBeGreaterThanOrEqual(1);
    expect(ms).toBeLessThan(5);
    expect(events.slice(before, before + 2)).toEqual(["call", `dispose ${before + 1}`]);
    expect(events.length - before).toBeGreaterThan(2);
  });
});

describe("runs on blood cells", () => {
  it("have recipes whose teachers are the runs they are given", () => {
    for (const [method, { recipe: name }] of Object.entries<{ recipe: string }>(bccdMethods)) {
      const recipe = findRecipe(name);
      const needed = Object.entries<{ method: string }>(neededRuns({ method }));
      const recipes = needed.map(([role, run]) => [
        role,
        (bccdMethods as Record<string, { recipe: string }>)[run.method]!.recipe,
      ]);
      const { teacher, labeller } = recipe;
      expect(Object.fromEntries(recipes)).toEqual({ ...(teacher && { teacher }), ...(labeller && { labeller }) });
    }
  });

  it("a table holds the methods of one paper that have results", () => {
    const numbers = { AP: 0.5, AP50: 0.75, AP75: 0.25 };
    const result = (method: string, seed: number, AP = 0.5) => ({
      ...{ method, seed, stepMs: { median: 10 * seed } },
      metrics: { student: { ...numbers, AP } },
    });
    const lines = bccdTable([result("ld", 1), result("ld", 2, 0.6), result("lad", 0)], "LD").split("\n");
    expect(lines).toHaveLength(3);
    expect(lines[2]).toBe("| LD, R18 ← R34 | student | 1, 2 | 55.0 ± 7.1 | 75.0 ± 0.0 | 25.0 ± 0.0 |  | 15 |");
    expect(bccdTables).toEqual(["LAD", "LD", "LD, 6 epochs"]);
  });
});

describe("cases", () => {
  it("have names of their own", () => {
    for (const cases of [convCases, trainStepCases("paa"), trainStepCases("gfl")]) {
      const names = cases.map(({ name }: { name: string }) => name);
      expect(new Set(names).size).toBe(names.length);
    }
    expect(trainStepCases("paa").map(({ name }: { name: string }) => name)).toEqual(
      expect.arrayContaining(["resnet-18/320", "resnet-50/320/eval-bn", "paa-r18/320", "paa-r50/800x1088/no-assign"]),
    );
    expect(trainStepCases("gfl").map(({ name }: { name: string }) => name)).toContain("gfl-r50/800x1088");
    expect(() => trainStepCases("yolo")).toThrow("--detector wants one of");
  });

  it("dense convolutions are 3×3, stride 1, wide and not small", () => {
    const dense = convCases.filter(({ argument }) => isDense(argument.shape)).map(({ name }) => name);
    expect(dense).toContain("3x3 256@20x20 input-gradient");
    expect(dense).toContain("3x3 256-80@100x136 forward");
    for (const part of ["512@10x10", "256@13x17", "256-4@", "/2", "groups", "dilation", "1x1", "7x7"])
      expect(dense.filter((name) => name.includes(part))).toEqual([]);
  });

  it("inputs are seeded, boxes lie in the image", () => {
    const options = { batch: 2, height: 64, width: 96, classes: 5, gts: 30 };
    const input = makeInput(options);
    expect(input).toEqual(makeInput(options));
    expect(input.images.shape).toEqual([2, 64, 96, 3]);
    const boxes = input["boxes.1"].data as Float32Array;
    for (let at = 0; at < boxes.length; at += 4) {
      expect(Math.min(boxes[at]!, boxes[at + 1]!)).toBeGreaterThanOrEqual(0);
      expect(boxes[at + 2]! - boxes[at]!).toBeGreaterThan(1);
      expect(boxes[at + 3]! - boxes[at + 1]!).toBeGreaterThan(1);
      expect(boxes[at + 2]).toBeLessThanOrEqual(96);
      expect(boxes[at + 3]).toBeLessThanOrEqual(64);
    }
    for (const label of input["labels.0"].data) expect(label).toBeLessThan(5);
  });
});
