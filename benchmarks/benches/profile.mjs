// Where a training step goes: time of each kernel of our engine, its share, the rate of those that multiply beside that of a large matrix
// product, and which kernels ran in JavaScript. No peer.
import { startEngines, startOurs } from "../lib/contestants.mjs";
import { trainStepCases } from "../lib/train-step-cases.mjs";

/** Its steps are the ones that are looked at. */
const worker = "train-step";

export async function* run(context) {
  const cases = trainStepCases(context.detector).filter(({ name }) => context.wants(name));
  for (const threads of cases.length > 0 ? context.threads : []) {
    const engines = [await startOurs(worker, { threads })];
    engines.push(...(await startEngines(worker, context.engines, { threads, log: context.log })));
    for (const engine of engines) {
      for (const one of cases) yield { ...(await profile(engine, one, context)), threads };
      await engine.close();
    }
  }
}

async function profile(engine, { name, argument }, { rounds, log }) {
  await engine.call("prepare", argument);
  const { step, kernels, gemm } = await engine.call("profile", { rounds });
  const label = engine.name === "ours" ? name : `${name} on ${engine.name}`;
  log(
    `${label}: ${step.toFixed(1)} ms a step, a large matrix product runs at ${gemm.toFixed(0)} GFLOP/s\n${table(kernels)}`,
  );
  return { case: label, unit: "ms", ours: step, runs: rounds, gemm, kernels };
}

function table(kernels) {
  return kernels
    .map(({ kernel, ms, share, calls, gflops, javascript }) => {
      const rate = gflops ? ` ${gflops.toFixed(0).padStart(5)} GFLOP/s` : "";
      const note = javascript ? ` ${javascript} in JavaScript` : "";
      return `  ${kernel.padEnd(28)}${ms.toFixed(2).padStart(9)} ms ${(100 * share).toFixed(1).padStart(5)} % ${`${calls}`.padStart(5)} calls${rate}${note}`;
    })
    .join("\n");
}
