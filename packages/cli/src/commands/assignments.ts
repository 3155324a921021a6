import { mkdir } from "node:fs/promises";
import path from "node:path";
import { writeFileAtomic } from "@lad/checkpoints";
import { LadError } from "@lad/core";
import { type DatasetImage, openDataset } from "@lad/data";
import { didYouMean } from "@lad/recipes";
import { disposeParams } from "@lad/tensor";
import { type AssignedImage, type Assigner, assignImage } from "../assignments/assigned-image";
import { assignmentPage } from "../assignments/assignment-page";
import { assignmentPicture } from "../assignments/assignment-picture";
import { command } from "../command";
import { busiestImages } from "../demo/anchor-pictures";
import { dataPlaceOf, vocOriginOf, vocOriginOption } from "../run/data-options";
import { loadNetwork, type OpenedModel, openRun } from "../run/open-run";
import { findRunRecord } from "../run/run-record";
import { engineOptions, startEngine } from "../run/start-engine";

export const assignmentsCommand = command({
  name: "assignments",
  summary:
    "Draws which anchors a run's networks call positive, per level, before and after their mixtures separate them.",
  usage: "<RUN> [--images NAME…] [--out DIR]",
  options: {
    images: {
      type: "string",
      value: "NAME…",
      help: "pictures of the data set by file name or id, also with commas between; default the four with most objects",
      multiple: true,
    },
    data: { type: "string", value: "DIR", help: "data set; default the run's", multiple: true },
    split: { type: "string", value: "NAME", help: "split; default the one that the run validates on" },
    out: { type: "string", value: "DIR", help: "where pictures and page go; default RUN/report/assignments" },
    ...vocOriginOption,
    ...engineOptions,
  },
  positionals: [1, Number.POSITIVE_INFINITY],
  notes: "Objects come from the data set's annotations. A run with a teacher shows both networks side by side.",
  async run({ options, positionals: [directory, ...more] }, terminal) {
    const record = await findRunRecord(directory!);
    if (!record) throw new LadError("NOT_FOUND", `lad assignments: ${directory} is no run (it has no config.json)`);
    const model = await openRun({ directory: directory!, record });
    const dataset = await openDataset(
      dataPlaceOf(options.data) ?? record.data,
      options.split ?? model.config.validation.split,
      {
        classes: model.classes,
        ...vocOriginOf(options, record.vocOrigin),
        keepDifficult: true,
      },
    );
    terminal.note(dataset.description);
    const names = [...options.images.flatMap((text) => text.split(",")), ...more];
    const images = names.length > 0 ? names.map((name) => named(dataset.images, name)) : busiestImages(dataset, 4);
    await startEngine(options, terminal);
    const assigners = await assignersOf(model);
    const out = options.out ?? path.join(directory!, "report", "assignments");
    await mkdir(out, { recursive: true });
    const assigned: AssignedImage[] = [];
    for (const image of images) {
      const made = await assignImage(image, { pipeline: model.config.pipeline, classes: model.classes, assigners });
      const file = path.join(out, `${path.parse(image.file).name}.png`);
      await writeFileAtomic(file, assignmentPicture(made));
      terminal.out(
        `${file}: ${made.networks.map(({ title, after }) => `${title} ${after.length}`).join(", ")} positive`,
      );
      assigned.push(made);
    }
    for (const { detector } of assigners) disposeParams(detector.params);
    const page = path.join(out, "assignments.html");
    await writeFileAtomic(page, assignmentPage(`Assignments of ${path.basename(path.resolve(directory!))}`, assigned));
    terminal.out(page);
    return 0;
  },
});

async function assignersOf(model: OpenedModel): Promise<Assigner[]> {
  const titles = (["student", "teacher", "labeller"] as const).filter((title) => model.config[title]);
  const assigners: Assigner[] = [];
  for (const title of titles)
    assigners.push({ title, detector: (await loadNetwork(model, { network: title })).network });
  return assigners;
}

function named(images: readonly DatasetImage[], name: string): DatasetImage {
  const wanted = path.basename(name);
  const found = images.find(({ id, file }) => [id, path.basename(file), path.parse(file).name].includes(wanted));
  if (found) return found;
  const names = images.map(({ file }) => path.basename(file));
  throw new LadError("NOT_FOUND", `--images: the split has no picture ${name}${didYouMean(wanted, names)}`);
}
