import { expect, it } from "vitest";
import { prefetch } from "./prefetch";

it("yields in order and is never more than `ahead` in front", async () => {
  let started = 0;
  const make = async (index: number) => {
    started++;
    await new Promise((resolve) => setTimeout(resolve, 5 - index));
    return index;
  };
  const seen: number[] = [];
  for await (const item of prefetch(6, make, { ahead: 2, from: 1 })) {
    seen.push(item);
    expect(started).toBe(Math.min(seen.length + 2, 5));
  }
  expect(seen).toEqual([1, 2, 3, 4, 5]);
});

it("stops when left early, failures in the making unheard", async () => {
  const failures: unknown[] = [];
  const note = (error: unknown) => failures.push(error);
  process.on("unhandledRejection", note);
  for await (const item of prefetch(9, async (index) => (index > 0 ? Promise.reject(new Error("late")) : index))) {
    expect(item).toBe(0);
    break;
  }
  await new Promise((resolve) => setTimeout(resolve, 5));
  process.off("unhandledRejection", note);
  expect(failures).toEqual([]);
});
