import { readFile } from "node:fs/promises";
import { readDetections, readGroundTruth } from "@lad/coco-eval";
import { LadError } from "@lad/core";

import { command } from "../command";
import { cocoMetrics, metricsTable } from "../run/coco-metrics";
import { vocOriginOption } from "../run/data-options";
import { writeJson } from "../run/write-json";
import { usageError } from "../usage-error";
import { evalVoc, vocOptions } from "./eval-voc";

export const evalCommand = command({
  name: "eval",
  summary:
    "Judges a file of COCO results by annotations: coco with the numbers of pycocotools, voc with those of the LD repository.",
  usage: "coco|voc --gt F --dt F [--json F]",
  options: {
    gt: {
      type: "string",
      value: "F",
      help: "annotations (instances_*.json); voc: a VOC directory too",
      required: true,
    },
    dt: {
      type: "string",
      value: "F",
      help: "results: a list of { image_id, category_id, bbox, score }",
      required: true,
    },
    json: { type: "string", value: "F", help: 'write the numbers there as JSON; "-" prints them instead of the table' },
    ...vocOptions,
    ...vocOriginOption,
  },
  positionals: [1, 1],
  async run({ options, positionals }, terminal) {
    if (positionals[0] === "voc") return evalVoc(options, terminal);
    if (positionals[0] !== "coco") throw usageError(`lad eval: wanted coco or voc, got "${positionals[0]}"`);
    const given = Object.keys({ ...vocOptions, ...vocOriginOption }) as (keyof typeof options)[];
    const foreign = given.find((name) => options[name] !== undefined);
    if (foreign) throw usageError(`lad eval coco: --${foreign} is an option of lad eval voc`);
    const truth = await read("--gt", options.gt, readGroundTruth);
    const detections = await read("--dt", options.dt, readDetections);
    const metrics = cocoMetrics(truth, detections);
    if (options.json !== "-") terminal.out(metricsTable(metrics));
    await writeJson(options.json, metrics, terminal);
    return 0;
  },
});

async function read<Result>(option: string, file: string, parse: (bytes: Uint8Array) => Result): Promise<Result> {
  const bytes = await readFile(file).catch((cause: Error) => {
    throw new LadError("NOT_FOUND", `${option} ${file} cannot be read: ${cause.message}`, { cause });
  });
  try {
    return parse(bytes);
  } catch (cause) {
    if (!LadError.is(cause)) throw cause;
    throw new LadError(cause.code, `${option} ${file}: ${cause.message}`, { cause });
  }
}
