import { writeFileAtomic } from "@lad/checkpoints";
import { toCocoResults } from "@lad/data";
import { disposeParams } from "@lad/tensor";
import { command } from "../command";
import { detectAll } from "../run/detect-all";
import { judge } from "../run/judge";
import { loadNetwork } from "../run/open-run";
import { openTest, testOptions } from "../run/open-test";
import { engineOptions, startEngine } from "../run/start-engine";
import { writeJson } from "../run/write-json";
import { duration } from "../terminal/duration";
import { progress } from "../terminal/progress";
import { usageError } from "../usage-error";
import { interpolationOf, interpolationOption } from "../voc/voc-interpolation";

export const testCommand = command({
  name: "test",
  summary: "Runs a trained network over a split of a data set and judges it as COCO does, or as VOC.",
  usage: "<RUN | config | recipe> [--checkpoint F] [--data DIR] [--split val]",
  options: {
    ...testOptions,
    json: {
      type: "string",
      value: "F",
      help: 'write the metrics there as JSON; "-" prints them instead of the tables',
    },
    judge: {
      type: "string",
      value: "coco|voc",
      help: "whose evaluation: default voc (as the LD repository reports it) for VOC directories, else coco",
    },
    ...interpolationOption,
    detections: { type: "string", value: "F", help: "write the detections there as COCO results" },
    ...engineOptions,
  },
  positionals: [1, 1],
  async run({ options, positionals }, terminal) {
    const { judge: as, interpolation } = options;
    if (as !== undefined && as !== "coco" && as !== "voc") throw usageError(`--judge: wanted coco or voc, got "${as}"`);
    interpolationOf(interpolation, []); // a wrong one stops the command before it works
    const { model, dataset } = await openTest(positionals[0]!, options, terminal);
    const { config } = model;
    await startEngine(options, terminal);
    const { network, file } = await loadNetwork(model, options);
    terminal.note(`weights: ${file}`);
    const begun = performance.now();
    const bar = progress(terminal, { label: "test" });
    const results = await detectAll(network, dataset, {
      pipeline: config.pipeline,
      batch: config.validation.batch,
      test: config.test,
      onProgress: (done, total) => bar.update({ done, total }),
    });
    bar.end();
    disposeParams(network.params);
    terminal.note(`${dataset.images.length} images in ${duration(performance.now() - begun)}`);
    if (options.detections) await writeFileAtomic(options.detections, toCocoResults(dataset, results));
    const { metrics, table } = await judge(dataset, results, { ...(as && { as }), interpolation });
    if (options.json !== "-") terminal.out(table);
    await writeJson(options.json, metrics, terminal);
    return 0;
  },
});
