import { describe, expect, it } from "vitest";
import { scaleLearningRate, stepSchedule } from "./index";

const at = (iteration: number, epoch = 0) => ({ iteration, epoch, iterations: 12_000, epochs: 12 });

describe("stepSchedule", () => {
  const schedule = stepSchedule({ base: 0.01, milestones: [8, 11] });

  it("warms up as mmcv: lr · (1 - (1 - k / 500) · (1 - 0.001))", () => {
    // mmcv 1.x, LrUpdaterHook(warmup="linear", warmup_iters=500, warmup_ratio=0.001), base 0.01
    for (const [iteration, expected] of [
      [0, 0.00001],
      [1, 0.00002998],
      [50, 0.001009],
      [250, 0.005005],
      [499, 0.00998002],
    ] as const)
      expect(schedule(at(iteration))).toBeCloseTo(expected, 12);
    expect(schedule(at(500))).toBe(0.01);
  });

  it("steps when an epoch has been completed", () => {
    const rates = [7, 8, 10, 11, 12].map((epoch) => schedule(at(1000 * epoch, epoch)));
    expect(rates.map((rate) => Number(rate.toPrecision(12)))).toEqual([0.01, 0.001, 0.001, 0.0001, 0.0001]);
  });

  it("multiplies warm-up and steps when they meet, and can do without warm-up", () => {
    const short = stepSchedule({ base: 1, milestones: [1], factor: 0.5, warmup: { iterations: 10, ratio: 0.5 } });
    expect(short(at(5, 1))).toBeCloseTo(0.5 * 0.75, 12);
    expect(stepSchedule({ base: 1, milestones: [], warmup: { iterations: 0, ratio: 1 } })(at(0))).toBe(1);
  });

  it("refuses numbers outside their domain", () => {
    expect(() => stepSchedule({ base: Number.NaN, milestones: [] })).toThrow("must be finite numbers ≥ 0, got");
    expect(() => stepSchedule({ base: 1, milestones: [-1] })).toThrow('"milestones":[-1]');
  });
});

describe("scaleLearningRate", () => {
  it("scales linearly and says so only when it changes something", () => {
    const said: string[] = [];
    const log = (message: string) => said.push(message);
    expect(scaleLearningRate(0.01, { batch: 2, log })).toBe(0.00125);
    expect(scaleLearningRate(0.02, { batch: 8, referenceBatch: 8, log })).toBe(0.02);
    expect(said).toEqual(["learning rate 0.01 is for 16 images a step; scaled to 0.00125 for 2"]);
    expect(() => scaleLearningRate(0.01, { batch: 0 })).toThrow("must be positive, got 0 and 16");
  });
});
