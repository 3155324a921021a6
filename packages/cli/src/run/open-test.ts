import { LadError } from "@lad/core";
import { type OpenedDataset, openDataset } from "@lad/data";
import type { ResolvedConfig } from "@lad/recipes";
import type { Terminal } from "../terminal/terminal";
import { dataPlaceOf, vocOriginOf, vocOriginOption } from "./data-options";
import { networkOption, type OpenedModel, openModel } from "./open-run";

/** Options of every command that runs a trained network over a split of a data set. */
export const testOptions = {
  checkpoint: {
    type: "string",
    value: "F",
    help: "weights: a run or a safetensors file; default the run's best, else its last",
  },
  data: { type: "string", value: "DIR", help: "data set; default the run's", multiple: true },
  split: { type: "string", value: "NAME", help: "split; default the one that the run validates on, else val" },
  ...vocOriginOption,
  ...networkOption,
} as const;

type Request = {
  readonly data: readonly string[];
  readonly split: string | undefined;
  readonly "voc-origin": string | undefined;
};

/**
 * Opens a run or a configuration and the split it is run over, difficult objects kept, and says what was found.
 * @throws {LadError} INVALID_ARGUMENT: nothing says where the data set is; else as `openModel` and `openDataset`.
 */
export async function openTest(
  place: string,
  options: Request,
  terminal: Terminal,
): Promise<{ readonly model: OpenedModel; readonly dataset: OpenedDataset }> {
  const given = dataPlaceOf(options.data);
  const splitOf = ({ validation }: ResolvedConfig) => options.split ?? validation.split;
  const model = await openModel(place, async (config) =>
    given === undefined ? undefined : (await openDataset(given, splitOf(config), vocOriginOf(options))).classes,
  );
  const data = given ?? model.run?.record.data;
  if (data === undefined)
    throw new LadError("INVALID_ARGUMENT", "--data DIR is missing: a configuration alone has no data set");
  const dataset = await openDataset(data, splitOf(model.config), {
    classes: model.classes,
    ...vocOriginOf(options, model.run?.record.vocOrigin),
    keepDifficult: true,
  });
  terminal.note(dataset.description);
  for (const warning of dataset.warnings) terminal.note(`warning: ${warning}`);
  return { model, dataset };
}
