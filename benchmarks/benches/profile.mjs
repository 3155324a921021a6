// Where a training step goes: time of each kernel of our engine, its share, the rate of those that multiply beside that of a large matrix
// product, and which kernels ran in JavaScript. No peer.
import { startOurs } from "../lib/contestants.mjs";
import { trainStepCases } from "../lib/train-step-cases.mjs";

export async function* run({ threads, rounds, detector, wants, log }) {
  const cases = trainStepCases(detector).filter(({ name }) => wants(name));
  for (const count of cases.length > 0 ? threads : []) {
    const ours = await startOurs("train-step", { threads: count });
    for (const { name, argument } of cases) {
      await ours.call("prepare", argument);
      const { step, kernels, gemm } = await ours.call("profile", { rounds });
      log(
        `${name}: ${step.toFixed(1)} ms a step, a large matrix product runs at ${gemm.toFixed(0)} GFLOP/s\n${table(kernels)}`,
      );
      yield { case: name, threads: count, unit: "ms", ours: step, runs: rounds, gemm, kernels };
    }
    await ours.close();
  }
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
