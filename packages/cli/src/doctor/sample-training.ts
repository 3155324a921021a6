import { random } from "@lad/core";
import { type PaaNetworkOptions, paaNetwork, plainMethod } from "@lad/recipes";
import { type Batch, createTape, disposeParams, type Gradients } from "@lad/tensor";
import { paramGroup, sgd } from "@lad/train";

export type SampleNetwork = PaaNetworkOptions & {
  readonly classes: number;
  /** Stored statistics and a frozen stem, as configurations with a given backbone have them. */
  readonly pretrained?: boolean;
};

/** A PAA with its optimiser on the engine that runs, to take steps on a sample. */
export function sampleTraining({ classes, pretrained = false, ...network }: SampleNetwork) {
  const student = paaNetwork(network)({ classes, pretrained, random: random(3) });
  const optimizer = sgd({ params: student.params, learningRate: () => 1e-3 });
  const method = plainMethod({
    student,
    teacher: undefined,
    groups: [paramGroup({ params: student.params, optimizer })],
  });
  const at = { iteration: 0, epoch: 0, iterations: 1, epochs: 1 };
  return {
    student,
    /** One training step. @returns the losses and what `read` makes of the gradients before they are freed */
    async step<T>(
      batch: Batch,
      read: (gradients: Gradients) => T | Promise<T>,
    ): Promise<{ readonly losses: Readonly<Record<string, number>>; readonly read: T }> {
      const tape = createTape();
      try {
        const { losses } = await method.step(tape, batch, at);
        const variables = method.groups.flatMap((group) => [...group.trainable(at)]);
        const gradients = tape.gradients(losses, variables);
        const made = await read(gradients);
        for (const group of method.groups) group.optimizer.step(gradients, at);
        const values: Record<string, number> = {};
        for (const [name, loss] of Object.entries(losses)) values[name] = (await loss.data())[0]!;
        return { losses: values, read: made };
      } finally {
        tape.end();
      }
    },
    dispose() {
      optimizer.dispose();
      disposeParams(student.params);
    },
  };
}
