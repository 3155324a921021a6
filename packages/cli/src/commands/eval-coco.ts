import { readFile } from "node:fs/promises";
import { evaluateCoco, readDetections, readGroundTruth } from "@lad/coco-eval";
import { LadError } from "@lad/core";
import { writeExplanation } from "../explain/write-explanation";
import { metricsOf, metricsTable } from "../run/coco-metrics";
import { writeJson } from "../run/write-json";
import type { Terminal } from "../terminal/terminal";

/** Options of `lad eval` that COCO's evaluation alone has. */
export const cocoOptions = {
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
} & { readonly [Name in keyof typeof cocoOptions]: string | undefined };

/** `lad eval coco`: pycocotools' numbers. @returns the exit code */
export async function evalCoco(
  { gt, dt, json, explain, images }: CocoEvalOptions,
  terminal: Terminal,
): Promise<number> {
  const truth = await read("--gt", gt, readGroundTruth);
  const detections = await read("--dt", dt, readDetections);
  const evaluation = evaluateCoco(truth, detections);
  const metrics = metricsOf(evaluation, detections);
  if (json !== "-") terminal.out(metricsTable(metrics));
  await writeJson(json, metrics, terminal);
  if (explain) {
    const place = { groundTruth: gt, directory: explain, ...(images && { images }) };
    terminal.note(`explained in ${await writeExplanation({ truth, detections, evaluation }, place)}`);
  }
  return 0;
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
