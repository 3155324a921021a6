import { command, wholeNumber } from "../command";
import { dataPlaceOf, vocOriginOf, vocOriginOption } from "../run/data-options";
import { planTraining } from "../run/plan-training";
import { recipeNotes } from "../run/recipe-notes";
import { openTrainingData, runTraining } from "../run/run-training";
import { engineOptions, startEngine } from "../run/start-engine";
import { trainTeacher } from "../run/train-teacher";
import { weightFormats } from "../run/weights-file";
import type { Terminal } from "../terminal/terminal";

export const trainCommand = command({
  name: "train",
  summary: "Trains a detector on a data set, as a config file or a recipe says.",
  usage: "<config.ts | recipe> --data DIR --out RUN [--resume]",
  options: {
    data: {
      type: "string",
      value: "DIR",
      help: "data set: COCO, flat COCO or VOC layout, or a folder of VOC years; what it was taken for is printed; several VOC directories are joined",
      multiple: true,
    },
    out: {
      type: "string",
      value: "RUN",
      help: "run directory: config.json, metrics.jsonl, checkpoints/, report/",
      required: true,
    },
    resume: { type: "boolean", help: "go on with the run in --out, which knows all the rest" },
    seed: { type: "string", value: "N", help: "of initial weights, order and flips; default 0" },
    set: {
      type: "string",
      value: "key=value",
      help: "replaces a setting; may come again; nested keys with dots, values as JSON",
      multiple: true,
    },
    init: {
      type: "string",
      value: "F",
      help: `the backbone's weights, under torchvision's names or in a detector: ${weightFormats}`,
    },
    start: {
      type: "string",
      value: "F",
      help: "weights of the whole student to start from: a run directory or a file",
    },
    teacher: {
      type: "string",
      value: "F",
      help: "the teacher's weights: a run directory (its best, else last checkpoint) or a file",
    },
    labeller: {
      type: "string",
      value: "F",
      help: "the weights of the network whose labels are learned, where the configuration has one beside the teacher",
    },
    "train-teacher": { type: "boolean", help: "train the teacher first, by its own recipe, into RUN/teacher" },
    "teacher-init": { type: "string", value: "F", help: "with --train-teacher: the weights of its backbone" },
    "teacher-set": {
      type: "string",
      value: "key=value",
      help: "with --train-teacher: replaces a setting of its recipe; may come again",
      multiple: true,
    },
    "allow-mismatch": {
      type: "boolean",
      help: "load what fits of weights that fit only in part, and list what does not",
    },
    "from-scratch": {
      type: "boolean",
      help: "no backbone weights: nothing is frozen, batch norms use batch statistics",
    },
    workers: {
      type: "string",
      value: "N",
      help: "threads that decode and prepare images, 0 for none; default: the config's, else 1",
    },
    ...vocOriginOption,
    ...engineOptions,
  },
  positionals: [0, 1],
  notes:
    "Ctrl-C stops after the running step and leaves a checkpoint; a killed run is gone on with from its last one, bit for bit.",
  async run({ options, positionals }, terminal) {
    const { out, resume, init, start, teacher, labeller } = options;
    const plan = await planTraining({
      config: positionals[0],
      data: dataPlaceOf(options.data),
      out,
      resume,
      seed: options.seed === undefined ? undefined : wholeNumber("--seed", options.seed, 0),
      set: options.set,
      init,
      start,
      teacher,
      labeller,
      trainTeacher: options["train-teacher"],
      teacherInit: options["teacher-init"],
      teacherSet: options["teacher-set"],
      allowMismatch: options["allow-mismatch"],
      fromScratch: options["from-scratch"],
      vocOrigin: vocOriginOf(options).origin,
    });
    for (const note of recipeNotes(plan)) terminal.note(note);
    const workers = options.workers === undefined ? undefined : wholeNumber("--workers", options.workers, 0);
    const opened = await openTrainingData(plan, terminal);
    await startEngine(options, terminal);
    const result = await untilInterrupted(terminal, async (signal) => {
      const taught = await trainTeacher(plan, opened, terminal, { signal, workers });
      return taught ? runTraining(plan, opened, terminal, { signal, workers }) : undefined;
    });
    if (!result?.finished) {
      const where = result ? `after iteration ${result.iteration}` : "while the teacher was trained";
      terminal.note(`stopped ${where}; go on by: lad train --out ${out} --resume`);
      return 130;
    }
    const { iteration, best } = result;
    if (best) terminal.out(`best: ${best.metric} ${(best.value * 100).toFixed(1)} in epoch ${best.epoch}`);
    terminal.out(`trained ${iteration} iterations: ${out}`);
    return 0;
  },
});

/** The first Ctrl-C lets the running step end, a second one kills as usual. */
async function untilInterrupted<Result>(
  terminal: Terminal,
  work: (signal: AbortSignal) => Promise<Result>,
): Promise<Result> {
  const controller = new AbortController();
  const stop = () => {
    process.off("SIGINT", stop);
    terminal.note("stopping after this step …");
    controller.abort();
  };
  process.on("SIGINT", stop);
  try {
    return await work(controller.signal);
  } finally {
    process.off("SIGINT", stop);
  }
}
