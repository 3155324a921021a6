import type { BackendName, BackendReport } from "@lad/backends";
import { table } from "../terminal/table";
import type { Comparison } from "./compare-with-reference";
import type { Examination } from "./examine-engines";
import type { Machine } from "./machine";
import type { Rate, StepTime } from "./measure-engine";

export function machineText({ node, system, processor, cores, memoryGb, gpus }: Machine): string {
  const lines = [`Node ${node}, ${system}`, `${processor}, ${cores} cores, ${memoryGb} GB`];
  return [...lines, ...gpus, ...(gpus.length === 0 ? ["no NVIDIA driver"] : [])].join("\n");
}

/** A table of those that work, and a line for each of the others. */
export function enginesText({ engines, auto }: Examination): string {
  const working = engines.filter(({ works }) => works);
  const rows = working.map(({ name, version = "", device = "", threads, startMs = 0 }) => [
    name,
    version,
    device,
    threads === undefined ? "" : `${threads}`,
    `${(startMs / 1000).toFixed(1)} s`,
  ]);
  const others = engines.filter(({ works }) => !works).map(engineProblem);
  const choice = auto === undefined ? "no engine works" : `auto takes ${auto}`;
  return [table(["engine", "version", "device", "threads", "start"], rows), "", ...others, "", choice].join("\n");
}

export function engineProblem({ name, reason = "unknown", hint }: BackendReport): string {
  return `${name}: ${reason}${hint === undefined ? "" : ` (${hint})`}`;
}

export type Measurement = {
  readonly engine: BackendName;
  readonly version: string;
  readonly device: string;
  readonly rates: readonly Rate[];
  readonly step: StepTime;
  readonly comparisons: readonly Comparison[];
  /** Settings that change numbers or speed. */
  readonly settings: readonly string[];
};

/** As text to paste into an issue. */
export function measurementText(machine: Machine, measured: Measurement, ladVersion: string): string {
  const { engine, version, device, rates, step, comparisons, settings } = measured;
  const losses = Object.entries(step.losses).map(([name, value]) => `${name} ${value.toPrecision(6)}`);
  return [
    "```",
    `lad ${ladVersion}, engine ${engine} ${version} on ${device}`,
    machineText(machine),
    ...settings,
    ...rates.map(({ name, gigaflops }) => `${name}: ${gigaflops.toFixed(0)} GFLOP/s`),
    `PAA step, ResNet-18, 2 x 320 x 320: ${step.stepMs.toFixed(1)} ms, ${step.leaked} tensors leaked (${losses.join(", ")})`,
    ...comparisons.map(
      ({ name, losses, gradients, passed }) =>
        `${passed ? "PASS" : "FAIL"} ${name}: losses off by ${losses.toExponential(1)} (1e-4 allowed), gradients by ${(100 * gradients).toPrecision(2)} % of what is allowed`,
    ),
    "```",
  ].join("\n");
}
