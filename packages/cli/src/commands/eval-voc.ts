import { evaluateVoc } from "@lad/voc-eval";
import { vocOriginOf } from "../run/data-options";
import { writeJson } from "../run/write-json";
import type { Terminal } from "../terminal/terminal";
import { interpolationOf, interpolationOption } from "../voc/voc-interpolation";
import { vocMetrics, vocTable } from "../voc/voc-metrics";
import { vocResults } from "../voc/voc-results";
import { vocTruth } from "../voc/voc-truth";

/** Options of `lad eval` that VOC's evaluation alone has. */
export const vocOptions = {
  split: { type: "string", value: "NAME", help: "voc: list in ImageSets/Main; default every annotation" },
  classes: {
    type: "string",
    value: "A,B",
    help: "voc: class names in the order of category_id 1, 2, …; default all, sorted",
  },
  ...interpolationOption,
} as const;

type VocEvalOptions = {
  readonly gt: string;
  readonly dt: string;
  readonly json: string | undefined;
  readonly "voc-origin": string | undefined;
} & { readonly [Name in keyof typeof vocOptions]: string | undefined };

/** `lad eval voc`: AP as the LD repository reports it. @returns the exit code */
export async function evalVoc(options: VocEvalOptions, terminal: Terminal): Promise<number> {
  const { split } = options;
  const interpolation = interpolationOf(options.interpolation, [options.gt]);
  const classes = options.classes?.split(",").map((name) => name.trim());
  const { origin } = vocOriginOf(options);
  const truth = await vocTruth(options.gt, { origin, ...(split && { split }), ...(classes && { classes }) });
  const detections = await vocResults(options.dt, truth);
  const evaluation = evaluateVoc(truth.images, detections, { classes: truth.classes, interpolation });
  const metrics = vocMetrics(evaluation, truth.images.length);
  if (options.json !== "-") terminal.out(vocTable(metrics));
  await writeJson(options.json, metrics, terminal);
  return 0;
}
