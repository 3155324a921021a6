import type { TrainEvent } from "@lad/train";
import { duration } from "../terminal/duration";
import { progress } from "../terminal/progress";
import type { Terminal } from "../terminal/terminal";
import { percent } from "./coco-metrics";

export type TrainingLogOptions = { readonly label: string; readonly epochs: number; readonly perEpoch: number };

/** Shows a training run: the bar with losses and learning rate, a line for every validation. */
export function trainingLog(
  terminal: Terminal,
  { label, epochs, perEpoch }: TrainingLogOptions,
): { log(event: TrainEvent): void; end(): void } {
  const bar = progress(terminal, { label });
  return {
    log(event) {
      if (event.kind === "iteration") {
        const { iteration, epoch, losses, total, learningRate } = event;
        bar.update({
          done: iteration,
          total: epochs * perEpoch,
          values: { epoch, loss: total, ...losses, rate: learningRate },
        });
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
