import { LadError, type NdArray, type NdRecord, type Progress, type TypedArray } from "@lad/core";
import { borrow, type Gradients, type ParamGroup } from "@lad/tensor";
import * as tf from "@tensorflow/tfjs-core";

/** Averages gradients over iterations; it owns the sums. */
export type GradientAccumulator = {
  /** Adds the gradients of the iteration at `at`; calls `update` with their mean when the group of iterations is complete. */
  add(gradients: Gradients, at: Progress, update: (mean: Gradients) => void): void;
  /** The sums of an incomplete group of iterations, by group and parameter name. */
  save(): Promise<NdRecord>;
  load(record: NdRecord): void;
  dispose(): void;
};

/**
 * Every `every` iterations the mean of their gradients, as mmcv's GradientCumulativeOptimizerHook: every iteration counts 1 / every,
 * and what remains at the end of the run is one shorter group of its own.
 */
export function gradientAccumulator(groups: readonly ParamGroup[], every: number): GradientAccumulator {
  if (!(Number.isSafeInteger(every) && every >= 1))
    throw new LadError("INVALID_ARGUMENT", `train: accumulate must be a whole number of iterations ≥ 1, got ${every}`);
  const names = new Map<string, tf.Variable>();
  groups.forEach(({ params }, index) => {
    for (const [name, { variable }] of params) names.set(`${index}/${name}`, variable);
  });
  const sums = new Map<tf.Variable, tf.Tensor>();
  const clear = () => {
    tf.dispose([...sums.values()]);
    sums.clear();
  };
  return {
    add(gradients, at, update) {
      if (every === 1) return update(gradients);
      const complete = at.iterations - (at.iterations % every);
      const share = 1 / (at.iteration < complete ? every : at.iterations - complete);
      for (const [variable, gradient] of gradients) {
        const before = sums.get(variable);
        const sum = tf.tidy(() => (before ? tf.add(before, tf.mul(gradient, share)) : tf.mul(gradient, share)));
        before?.dispose();
        sums.set(variable, tf.keep(sum));
      }
      if ((at.iteration + 1) % every !== 0 && at.iteration + 1 !== at.iterations) return;
      update(sums);
      clear();
    },
    async save() {
      const record: [string, NdArray<TypedArray>][] = [];
      for (const [name, variable] of names) {
        const sum = sums.get(variable);
        if (sum) record.push([name, { data: await borrow(sum, (data) => data.slice()), shape: sum.shape }]);
      }
      return Object.fromEntries(record);
    },
    load(record) {
      clear();
      for (const [name, { data, shape }] of Object.entries(record)) {
        const variable = names.get(name);
        if (`${variable?.shape}` !== `${shape}`)
          throw new LadError(
            "CHECKPOINT_MISMATCH",
            `train: accumulated gradient ${name} of shape [${shape}] fits no parameter`,
          );
        if (variable && !sums.has(variable))
          sums.set(variable, tf.keep(tf.tensor(data.slice(), [...shape], "float32")));
      }
    },
    dispose: clear,
  };
}
