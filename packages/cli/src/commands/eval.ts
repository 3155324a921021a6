import { command } from "../command";
import { vocOriginOption } from "../run/data-options";
import { usageError } from "../usage-error";
import { cocoOptions, evalCoco } from "./eval-coco";
import { evalVoc, vocOptions } from "./eval-voc";

const ofVoc = { ...vocOptions, ...vocOriginOption };

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
      help: "results: a list of { image_id, category_id, score } with bbox, segmentation or keypoints",
      required: true,
    },
    json: { type: "string", value: "F", help: 'write the numbers there as JSON; "-" prints them instead of the table' },
    ...cocoOptions,
    ...ofVoc,
  },
  positionals: [1, 1],
  async run({ options, positionals: [kind] }, terminal) {
    if (kind !== "coco" && kind !== "voc") throw usageError(`lad eval: wanted coco or voc, got "${kind}"`);
    const [other, foreign] = kind === "coco" ? ["voc", ofVoc] : ["coco", cocoOptions];
    const given = (Object.keys(foreign) as (keyof typeof options)[]).find((name) => options[name]);
    if (given) throw usageError(`lad eval ${kind}: --${given} is an option of lad eval ${other}`);
    return kind === "coco" ? evalCoco(options, terminal) : evalVoc(options, terminal);
  },
});
