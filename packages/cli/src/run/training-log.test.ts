import type { TrainEvent } from "@lad/train";
import { expect, test } from "vitest";
import { collectingTerminal } from "../../test/collecting-terminal";
import { trainingLog } from "./training-log";

const iteration = (number: number, metrics: Readonly<Record<string, number>>): TrainEvent => ({
  kind: "iteration",
  iteration: number,
  epoch: Math.ceil(number / 2),
  losses: { loss_cls: 1 },
  total: 1,
  learningRate: 0.1,
  metrics,
  timeMs: 1,
  dataWaitMs: 0,
});

test("networks that teach each other: who assigned how much, an epoch, over the iterations that assigned", () => {
  const terminal = collectingTerminal();
  const { log, end } = trainingLog(terminal, { label: "train", epochs: 2, perEpoch: 2 });
  for (const [index, share] of [0.25, 0.5, undefined, 1].entries())
    log(iteration(index + 1, share === undefined ? {} : { t_ratio: share }));
  end();
  expect(terminal.notes.filter((line) => line.includes("assigned"))).toEqual([
    "train epoch 1: the student assigned 62.5 %, the teacher 37.5 %",
    "train epoch 2: the student assigned 0.0 %, the teacher 100.0 %",
  ]);
  expect(terminal.text()).toContain("teacher assigns 1");
});

test("other methods have no such line; validations tell AP", () => {
  const terminal = collectingTerminal();
  const { log, end } = trainingLog(terminal, { label: "train", epochs: 1, perEpoch: 2 });
  log(iteration(1, { positives: 3 }));
  log(iteration(2, {}));
  const metrics = { AP: 0.5, AP50: 0.75, AP75: 0.25 };
  log({ kind: "validation", iteration: 2, epoch: 1, metrics, best: true, timeMs: 1000 });
  log({ kind: "resumed", iteration: 2, file: "state" });
  end();
  expect(terminal.text()).not.toContain("assign");
  expect(terminal.notes.slice(-2)).toEqual([
    "train epoch 1: AP 50.0  AP50 75.0  AP75 25.0 (1.0 s, best so far)",
    "train: goes on after iteration 2 (state)",
  ]);
});
