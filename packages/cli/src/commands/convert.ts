import path from "node:path";
import { type ConvertedCheckpoint, convertCheckpoint, loadCheckpoint, saveSafetensors } from "@lad/checkpoints";
import { LadError } from "@lad/core";
import { command } from "../command";
import { studentOf } from "../run/student-of";
import { weightFormats, weightsFile } from "../run/weights-file";
import type { Terminal } from "../terminal/terminal";
import { usageError } from "../usage-error";

const heads = ["retina", "fcos", "atss"] as const;

export const convertCommand = command({
  name: "convert",
  summary: "Writes the weights of a checkpoint as safetensors, under torchvision's and mmdetection's names.",
  usage: "<IN> <OUT.safetensors>",
  options: {
    slim: {
      type: "boolean",
      help: "of a distilled checkpoint only the student: its names lose their prefix; teachers, and notes on the training, are left out",
    },
    "keep-names": { type: "boolean", help: "leave detectron2's names as they are" },
    head: {
      type: "string",
      value: "H",
      help: `of a dense detectron2 detector: whose names its predictors get, ${heads.join(", ")}; default by its parts`,
    },
    "max-expanded": {
      type: "string",
      value: "MB",
      help: "of pickles: how much more than six times their size reading may take; default 64",
    },
  },
  positionals: [2, 2],
  notes: `IN: ${weightFormats}, or a run directory (its best, else last checkpoint). What optimisers keep beside the weights is left out.
Nothing in a pickle is executed: one that asks for more than tensors and plain containers is refused.`,
  async run({ options, positionals }, terminal) {
    const [from, to] = positionals as [string, string];
    if (path.extname(to) !== ".safetensors")
      throw usageError(`lad convert: the second file is written as safetensors: name it so, got ${to}`);
    const head = heads.find((each) => each === options.head);
    if (options.head !== undefined && !head)
      throw usageError(`--head: wanted one of ${heads.join(", ")}, got "${options.head}"`);
    const file = weightsFile(from, "lad convert");
    const read = await loadCheckpoint(file, expansionOf(options["max-expanded"]));
    const naming = { keepNames: options["keep-names"], ...(head && { head }) };
    const converted = convertCheckpoint(read, { ...naming, ...(options.slim && { select: studentOf }) });
    if (Object.keys(converted.tensors).length === 0)
      throw new LadError("INVALID_FILE", `lad convert: ${file} holds no weights`);
    // what stands beside the weights tells of the training as a whole, teachers included
    await saveSafetensors(to, converted.tensors, options.slim ? {} : converted.metadata);
    describe(file, to, converted, terminal);
    return 0;
  },
});

function expansionOf(text: string | undefined): { readonly maxExpandedBytes?: number } {
  if (text === undefined) return {};
  const megabytes = Number(text);
  if (!(megabytes > 0)) throw usageError(`--max-expanded: wanted a number of megabytes > 0, got "${text}"`);
  return { maxExpandedBytes: megabytes * 2 ** 20 };
}

function describe(
  from: string,
  to: string,
  { tensors, renamed, skipped }: ConvertedCheckpoint,
  { note, out }: Terminal,
): void {
  const arrays = Object.values(tensors);
  const values = arrays.reduce((sum, { data }) => sum + data.length, 0);
  if (renamed.size > 0) {
    const [first] = renamed;
    note(`${renamed.size} names of detectron2 became ours: ${first!.join(" is now ")}, …`);
  }
  if (skipped.length > 0) note(`left out, since they are no weights: ${shortened(skipped)}`);
  out(`${from}: ${arrays.length} tensors, ${values} values -> ${to}`);
}

function shortened(names: readonly string[], most = 5): string {
  const rest = names.length > most ? ` and ${names.length - most} more` : "";
  return names.slice(0, most).join(", ") + rest;
}
