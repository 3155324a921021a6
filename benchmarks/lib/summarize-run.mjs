import { readFileSync } from "node:fs";
import { cpus } from "node:os";
import { join } from "node:path";
import { mean, quantile } from "./statistics.mjs";

/** What a run directory tells of its training: time per step, losses and statistics by epoch, validations. */
export function summarizeRun(directory) {
  const lines = (name) =>
    readFileSync(join(directory, name), "utf8")
      .trim()
      .split("\n")
      .map((line) => JSON.parse(line));
  const steps = lines("metrics.jsonl");
  const times = steps.map(({ timeMs }) => timeMs).sort((a, b) => a - b);
  const epochs = groupedByEpoch(steps);
  return {
    cpu: cpus()[0]?.model ?? "unknown",
    iterations: steps.length,
    stepMs: { median: quantile(times, 0.5), lower: quantile(times, 0.25), upper: quantile(times, 0.75) },
    epochs: [...epochs.values()].map((group) => ({
      epoch: group[0].epoch,
      loss: mean(group.map(({ total }) => total)),
      ...meansOf(group.map(({ metrics }) => metrics)),
    })),
    validation: lines("validation.jsonl").map(({ epoch, metrics }) => ({ epoch, ...metrics })),
  };
}

function groupedByEpoch(steps) {
  const groups = new Map();
  for (const step of steps) groups.set(step.epoch, [...(groups.get(step.epoch) ?? []), step]);
  return groups;
}

/** The mean of every statistic over the steps that have it. */
function meansOf(records) {
  const names = new Set(records.flatMap((record) => Object.keys(record)));
  const values = (name) => records.map((record) => record[name]).filter((value) => typeof value === "number");
  return Object.fromEntries([...names].map((name) => [name, mean(values(name))]));
}
