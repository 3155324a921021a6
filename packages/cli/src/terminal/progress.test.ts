import { expect, test } from "vitest";
import { collectingTerminal } from "../../test/collecting-terminal";
import { progress } from "./progress";

test("elsewhere than on a terminal: a plain line now and then, and at the end", () => {
  const terminal = collectingTerminal();
  let time = 0;
  const bar = progress(terminal, { label: "train", lineMs: 1000, now: () => time });
  for (let done = 1; done <= 10; done++) {
    time += 300;
    bar.update({ done, total: 10, values: { loss: 1 / done } });
  }
  bar.end();
  expect(terminal.notes).toEqual([
    "train 1/10  loss 1  2.7 s left",
    "train 5/10  loss 0.200  1.5 s left",
    "train 9/10  loss 0.111  0.3 s left",
    "train 10/10  loss 0.100  3.0 s",
  ]);
});

test("on a terminal: a bar that is drawn over itself and removed", () => {
  const drawn: string[] = [];
  const terminal = { ...collectingTerminal(), interactive: true, draw: (line: string) => drawn.push(line) };
  let time = 0;
  const bar = progress(terminal, { label: "test", now: () => time });
  bar.update({ done: 1, total: 4 });
  time += 10;
  bar.update({ done: 2, total: 4 }); // too soon after the last
  time += 200;
  bar.update({ done: 3, total: 4, values: { rate: 0.00002 } });
  bar.end();
  expect(drawn).toEqual([
    "test [=====               ] 1/4  0.0 s left",
    "test [===============     ] 3/4  rate 2.0e-5  0.1 s left",
    "",
  ]);
});

test("never wider than the terminal", () => {
  const drawn: string[] = [];
  const terminal = {
    ...collectingTerminal(),
    interactive: true,
    columns: 30,
    draw: (line: string) => drawn.push(line),
  };
  progress(terminal, { label: "a long label of a network" }).update({ done: 1, total: 2 });
  expect(drawn[0]).toHaveLength(29);
});

test("a resumed run's time left counts only what was done since", () => {
  const terminal = collectingTerminal();
  let time = 0;
  const bar = progress(terminal, { label: "train", lineMs: 0, now: () => time });
  time = 1000;
  bar.update({ done: 91, total: 100 });
  expect(terminal.notes[0]).toContain("9.0 s left");
});
