import { readFile } from "node:fs/promises";
import {
  type CocoIouType,
  evaluateCoco,
  formatPerClass,
  readDetections,
  readGroundTruth,
  summarize,
} from "@lad/coco-eval";
import { LadError } from "@lad/core";
import { writeExplanation } from "../explain/write-explanation";
import { numbersOf } from "../run/coco-metrics";
import { writeJson } from "../run/write-json";
import type { Terminal } from "../terminal/terminal";
import { usageError } from "../usage-error";

/** Options of `lad eval` that COCO's evaluation alone has. */
export const cocoOptions = {
  iou: { type: "string", value: "bbox|segm|keypoints", help: "coco: what is compared; default bbox" },
  "per-class": { type: "boolean", help: "coco: AP, AP50 and AR of every category too" },
  explain: {
    type: "string",
    value: "DIR",
    help: "coco: write a page there on where the AP goes, with pictures and tables",
  },
  images: { type: "string", value: "DIR", help: "coco: pictures for that page's worst images" },
} as const;

type CocoEvalOptions = {
  readonly gt: string;
  readonly dt: string;
  readonly json: string | undefined;
  readonly iou: string | undefined;
  readonly "per-class": boolean;
  readonly explain: string | undefined;
  readonly images: string | undefined;
};

/** `lad eval coco`: pycocotools' numbers and its table. @returns the exit code */
export async function evalCoco(options: CocoEvalOptions, terminal: Terminal): Promise<number> {
  const { gt, dt, json, explain, images } = options;
  const iouType = iouTypeOf(options.iou);
  if (explain && iouType !== "bbox") throw usageError(`--explain: of boxes only, got --iou ${iouType}`);
  const truth = await read("--gt", gt, (bytes) => readGroundTruth(bytes, { iouType }));
  const detections = await read("--dt", dt, (bytes) => readDetections(bytes, { iouType, images: truth.images }));
  const evaluation = evaluateCoco(truth, detections, { iouType });
  if (json !== "-") terminal.out(summarize(evaluation));
  if (json !== "-" && options["per-class"]) terminal.out(`\n${formatPerClass(evaluation)}`);
  await writeJson(json, numbersOf(evaluation, detections), terminal);
  if (explain) {
    const place = { groundTruth: gt, directory: explain, ...(images && { images }) };
    terminal.note(`explained in ${await writeExplanation({ truth, detections, evaluation }, place)}`);
  }
  return 0;
}

function iouTypeOf(given = "bbox"): CocoIouType {
  if (given === "bbox" || given === "segm" || given === "keypoints") return given;
  throw usageError(`--iou: wanted bbox, segm or keypoints, got "${given}"`);
}

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
