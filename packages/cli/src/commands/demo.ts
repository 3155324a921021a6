import path from "node:path";
import { command, wholeNumber } from "../command";
import { type DemoResult, runDemo } from "../demo/run-demo";
import { percent } from "../run/coco-metrics";
import { engineOptions, startEngine } from "../run/start-engine";
import { duration } from "../terminal/duration";
import { table } from "../terminal/table";

export const demoCommand = command({
  name: "demo",
  summary:
    "Trains a teacher, a student and a student with LAD on drawn shapes, in minutes, and shows what each learned.",
  usage: "[--out DIR]",
  options: {
    out: { type: "string", value: "DIR", help: "where data, runs and pictures go; default lad-demo" },
    seed: { type: "string", value: "N", help: "of data and training; default 0" },
    ...engineOptions,
  },
  positionals: [0, 0],
  async run({ options }, terminal) {
    const directory = options.out ?? "lad-demo";
    const seed = wholeNumber("--seed", options.seed, 0);
    // networks this small gain nothing from several threads, and lose much when other programs want the cores
    await startEngine({ ...options, threads: options.threads ?? "1" }, terminal);
    const begun = performance.now();
    const results = await runDemo({ directory, seed }, terminal);
    terminal.out(resultTable(results));
    terminal.out(
      `\npictures: ${path.join(directory, "pictures")} (what was found, and which anchors teacher and student call positive)`,
    );
    terminal.out(
      `runs:     ${path.join(directory, "runs")} (try: lad test ${path.join(directory, "runs", "lad-student")})`,
    );
    terminal.out(`total:    ${duration(performance.now() - begun)}`);
    return 0;
  },
});

function resultTable(results: readonly DemoResult[]): string {
  const rows = results.map(({ name, taughtBy, parameters, metrics: { AP, AP50, AP75 }, trainingMs }) => [
    taughtBy ? `${name} (taught by ${taughtBy})` : name,
    parameters.toLocaleString("en"),
    percent(AP),
    percent(AP50),
    percent(AP75),
    duration(trainingMs),
  ]);
  return table(["network", "parameters", "AP", "AP50", "AP75", "training"], rows);
}
