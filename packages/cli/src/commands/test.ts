import { writeFileAtomic } from "@lad/checkpoints";
import { LadError } from "@lad/core";
import { openDataset, toCocoResults } from "@lad/data";
import { disposeParams } from "@lad/tensor";
import { command } from "../command";
import { cocoMetrics, metricsTable } from "../run/coco-metrics";
import { vocOriginOf, vocOriginOption } from "../run/data-options";
import { detectAll } from "../run/detect-all";
import { cocoDetections, groundTruthOf } from "../run/ground-truth";
import { loadNetwork, networkOption, openModel } from "../run/open-run";
import { engineOptions, startEngine } from "../run/start-engine";
import { writeJson } from "../run/write-json";
import { duration } from "../terminal/duration";
import { progress } from "../terminal/progress";

export const testCommand = command({
  name: "test",
  summary: "Runs a trained network over a split of a data set and judges it as COCO does.",
  usage: "<RUN | config | recipe> [--checkpoint F] [--data DIR] [--split val]",
  options: {
    checkpoint: {
      type: "string",
      value: "F",
      help: "weights: a run or a safetensors file; default the run's best, else its last",
    },
    data: { type: "string", value: "DIR", help: "data set; default the run's" },
    split: { type: "string", value: "NAME", help: "split; default val" },
    json: {
      type: "string",
      value: "F",
      help: 'write the metrics there as JSON; "-" prints them instead of the tables',
    },
    detections: { type: "string", value: "F", help: "write the detections there as COCO results" },
    ...vocOriginOption,
    ...networkOption,
    ...engineOptions,
  },
  positionals: [1, 1],
  async run({ options, positionals }, terminal) {
    const split = options.split ?? "val";
    const given = options.data ? await openDataset(options.data, split, vocOriginOf(options)) : undefined;
    const model = await openModel(positionals[0]!, given?.classes);
    const { run, config, classes } = model;
    const directory = options.data ?? run?.record.data;
    if (directory === undefined)
      throw new LadError("INVALID_ARGUMENT", "--data DIR is missing: a configuration alone has no data set");
    const dataset = await openDataset(directory, split, {
      classes,
      ...vocOriginOf(options, run?.record.vocOrigin),
      keepDifficult: true,
    });
    terminal.note(dataset.description);
    for (const warning of dataset.warnings) terminal.note(`warning: ${warning}`);
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
    const truth = await groundTruthOf(directory, split, dataset);
    const metrics = cocoMetrics(truth, cocoDetections(dataset, results), { categoryIds: dataset.categoryIds });
    if (options.json !== "-") terminal.out(metricsTable(metrics));
    await writeJson(options.json, metrics, terminal);
    return 0;
  },
});
