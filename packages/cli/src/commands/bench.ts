import { LadError } from "@lad/core";
import type { OpenedDataset } from "@lad/data";
import { buildStudent } from "@lad/recipes";
import { type AnyDetector, disposeParams } from "@lad/tensor";
import { command, wholeNumber } from "../command";
import { type DetectionSpeed, detectionSpeed } from "../run/detection-speed";
import { type LoadOptions, loadNetwork, type OpenedModel } from "../run/open-run";
import { openTest, testOptions } from "../run/open-test";
import { engineOptions, startEngine } from "../run/start-engine";
import { timeDetection } from "../run/time-detection";
import { writeJson } from "../run/write-json";
import { progress } from "../terminal/progress";
import { table } from "../terminal/table";
import type { Terminal } from "../terminal/terminal";
import { usageError } from "../usage-error";

export const benchCommand = command({
  name: "bench",
  summary: "Measures how fast a network detects: images a second, one at a time, NMS included, reading not.",
  usage: "fps <RUN | config | recipe> [--data DIR] [--images N] [--warm-up N]",
  options: {
    ...testOptions,
    images: {
      type: "string",
      value: "N",
      help: "images of the split at most, those of the warm-up among them; default 2000",
    },
    "warm-up": { type: "string", value: "N", help: "first images, which are not timed; default 5" },
    json: { type: "string", value: "F", help: 'write the numbers there as JSON; "-" prints them instead of the table' },
    ...engineOptions,
  },
  positionals: [2, 2],
  notes:
    "As the speed test of the LD repository: batches of one, from the image in memory to its detections. Without weights a network is measured with its initial ones.",
  async run({ options, positionals: [kind, place] }, terminal) {
    if (kind !== "fps") throw usageError(`lad bench: wanted fps, got "${kind}"`);
    const most = wholeNumber("--images", options.images, 2000);
    const warmUp = wholeNumber("--warm-up", options["warm-up"], 5);
    const { model, dataset: whole } = await openTest(place!, options, terminal);
    const dataset = firstImages(whole, most, warmUp);
    const { name: engine } = await startEngine(options, terminal);
    const network = await networkOf(model, options, terminal);
    const { pipeline, test } = model.config;
    const bar = progress(terminal, { label: "bench" });
    const times = await timeDetection(network, dataset, {
      ...{ pipeline, test, warmUp },
      onImage: (done, elapsedMs) =>
        bar.update({ done, total: dataset.images.length - warmUp, values: { "images/s": (1000 * done) / elapsedMs } }),
    });
    bar.end();
    disposeParams(network.params);
    const speed = { ...detectionSpeed(times), warmUp, engine };
    if (options.json !== "-") terminal.out(speedTable(speed));
    await writeJson(options.json, speed, terminal);
    return 0;
  },
});

/** @throws {LadError} INVALID_DATA: nothing would be left to time. */
function firstImages(dataset: OpenedDataset, most: number, warmUp: number): OpenedDataset {
  const images = dataset.images.slice(0, most);
  if (images.length > warmUp) return { ...dataset, images };
  throw new LadError(
    "INVALID_DATA",
    `lad bench: of ${images.length} images ${warmUp} are for the warm-up, so none is left to time: lower --warm-up, or take more images`,
  );
}

async function networkOf(model: OpenedModel, options: LoadOptions, terminal: Terminal): Promise<AnyDetector> {
  if (model.run || options.checkpoint !== undefined || options.network !== undefined) {
    const { network, file } = await loadNetwork(model, options);
    terminal.note(`weights: ${file}`);
    return network;
  }
  terminal.note("weights: initial ones, which find next to nothing: suppression and voting have little to do");
  return buildStudent(model.config, { classes: model.classes.length, seed: 0, pretrained: false });
}

function speedTable({ images, warmUp, imagesPerSecond, msPerImage, medianMs }: DetectionSpeed & { warmUp: number }) {
  return table(
    ["timed", "warm-up", "images/s", "ms/image", "median ms"],
    [[String(images), String(warmUp), ...[imagesPerSecond, msPerImage, medianMs].map((value) => value.toFixed(1))]],
  );
}
