import { ndArray } from "@lad/core";
import { type Batch, createTape, type Method, type Params } from "@lad/tensor";
import type { GoldenCase } from "./golden-case";
import { normOf, toHost } from "./layout";
import type { Report } from "./report";
import { exact, type Tolerance, trajectoryTolerance, withUncertainty } from "./tolerance";

export type TrajectoryReplay = {
  readonly golden: GoldenCase;
  readonly report: Report;
  readonly method: Method;
  readonly batch: Batch;
  /** Networks by what the case puts before their parameters' names. */
  readonly params: Readonly<Record<string, Params>>;
  /** What the names of the case's losses begin with. */
  readonly prefix?: string;
  /** Tensors of the trajectory that are compared elsewhere. */
  readonly others?: RegExp;
};

/** Trains on the case's one batch for its number of steps: `traj.<loss>` before every step, `traj_final_l2` of the parameters after the last. */
export async function replayTrajectory({
  golden,
  report,
  method,
  batch,
  params,
  prefix = "traj",
  others,
}: TrajectoryReplay): Promise<void> {
  const { steps } = golden.config.sgd;
  const logged = new Map<string, number[]>();
  const log = (name: string, value: number) => logged.set(name, [...(logged.get(name) ?? []), value]);
  for (let iteration = 0; iteration < steps; iteration++) {
    const at = { iteration, epoch: 0, iterations: steps, epochs: 1 };
    const tape = createTape();
    try {
      const { losses, metrics } = await method.step(tape, batch, at);
      const gradients = tape.gradients(
        losses,
        method.groups.flatMap((group) => [...group.trainable(at)]),
      );
      const values = Object.entries(losses).map(([name, loss]) => [name, loss.dataSync()[0]!] as const);
      for (const [name, value] of values) log(name, value);
      log(
        "total",
        values.reduce((sum, [, value]) => sum + value, 0),
      );
      for (const [name, value] of Object.entries(metrics)) log(name === "positives" ? "num_pos" : name, value);
      for (const group of method.groups) group.optimizer.step(gradients, at);
    } finally {
      tape.end();
    }
  }
  const tolerance = withUncertainty(trajectoryTolerance, golden.config.fp64_check?.traj_rel);
  for (const name of golden.names(`${prefix}.`)) {
    if (others?.test(name)) continue;
    const values = logged.get(name.slice(prefix.length + 1)) ?? [];
    report.compare(
      "trajectory",
      name,
      ndArray(Float32Array.from(values), [values.length]),
      /num/.test(name) ? exact : tolerance,
    );
  }
  await compareFinalNorms({ golden, report, params, tolerance });
}

async function compareFinalNorms({
  golden,
  report,
  params,
  tolerance,
}: Pick<TrajectoryReplay, "golden" | "report" | "params"> & { readonly tolerance: Tolerance }): Promise<void> {
  if (!golden.has("traj_final_l2")) return;
  const names: string[] = golden.config.traj_final_l2_names;
  const norms = new Map<string, number>();
  for (const [prefix, entries] of Object.entries(params)) {
    for (const [name, { variable }] of entries) norms.set(prefix + name, normOf((await toHost(variable)).data));
  }
  const values = Float32Array.from(names, (name) => norms.get(name) ?? Number.NaN);
  report.compare("trajectory", "traj_final_l2", ndArray(values, [names.length]), tolerance);
}
