import type { TrainEvent } from "@lad/train";
import { duration } from "../terminal/duration";
import { progress } from "../terminal/progress";
import type { Terminal } from "../terminal/terminal";
import { percent } from "./coco-metrics";

export type TrainingLogOptions = { readonly label: string; readonly epochs: number; readonly perEpoch: number };

type Iteration = Extract<TrainEvent, { kind: "iteration" }>;

/**
 * Shows a training run: the bar with losses and learning rate, a line for every validation, and for networks that teach each other (CoLAD) a
 * line an epoch: which of them assigned how much.
 */
export function trainingLog(
  terminal: Terminal,
  { label, epochs, perEpoch }: TrainingLogOptions,
): { log(event: TrainEvent): void; end(): void } {
  const bar = progress(terminal, { label });
  const shares = assignedShares();
  return {
    log(event) {
      if (event.kind === "iteration") {
        const { iteration, epoch, losses, total, learningRate, metrics } = event;
        const teacher = metrics.t_ratio;
        bar.update({
          done: iteration,
          total: epochs * perEpoch,
          values: {
            epoch,
            loss: total,
            ...losses,
            ...(teacher !== undefined && { "teacher assigns": teacher }),
            rate: learningRate,
          },
        });
        const share = shares.add(event, iteration % perEpoch === 0);
        if (share !== undefined)
          terminal.note(
            `${label} epoch ${epoch}: the student assigned ${percent(1 - share)} %, the teacher ${percent(share)} %`,
          );
      } else if (event.kind === "validation") {
        const { AP = -1, AP50 = -1, AP75 = -1 } = event.metrics;
        const best = event.best ? ", best so far" : "";
        terminal.note(
          `${label} epoch ${event.epoch}: AP ${percent(AP)}  AP50 ${percent(AP50)}  AP75 ${percent(AP75)} (${duration(event.timeMs)}${best})`,
        );
      } else if (event.kind === "resumed") {
        terminal.note(`${label}: goes on after iteration ${event.iteration} (${event.file})`);
      }
    },
    end: () => bar.end(),
  };
}

/** Mean share of what the second network assigned, over the iterations of an epoch that assigned anything. */
function assignedShares(): { add(event: Iteration, last: boolean): number | undefined } {
  let sum = 0;
  let count = 0;
  return {
    add({ metrics: { t_ratio: share } }, last) {
      if (share !== undefined) {
        sum += share;
        count++;
      }
      if (!last || count === 0) return undefined;
      const mean = sum / count;
      [sum, count] = [0, 0];
      return mean;
    },
  };
}
