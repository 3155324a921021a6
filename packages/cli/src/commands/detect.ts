import { mkdir } from "node:fs/promises";
import path from "node:path";
import { writeFileAtomic } from "@lad/checkpoints";
import { type Detections, LadError, ndArray } from "@lad/core";
import { type Dataset, decodeImage } from "@lad/data";
import { disposeParams } from "@lad/tensor";
import { command } from "../command";
import { drawPanels } from "../draw/draw-panels";
import { detectionMarks } from "../draw/marks";
import { detectAll } from "../run/detect-all";
import { findRun, loadNetwork, networkOption, type OpenedModel, openModel, openRun } from "../run/open-run";
import { engineOptions, startEngine } from "../run/start-engine";
import { writeJson } from "../run/write-json";
import { progress } from "../terminal/progress";
import { usageError } from "../usage-error";

export const detectCommand = command({
  name: "detect",
  summary: "Finds objects in pictures and writes the pictures with boxes, classes and scores.",
  usage: "<images…> --checkpoint RUN|F --out DIR",
  options: {
    checkpoint: {
      type: "string",
      value: "RUN|F",
      help: "a run, or a safetensors file (of a run, or with --config)",
      required: true,
    },
    out: { type: "string", value: "DIR", help: "where the pictures go, as PNG under their names", required: true },
    "min-score": { type: "string", value: "S", help: "draw detections from this score on; default 0.3" },
    json: {
      type: "string",
      value: "F",
      help: 'all detections as JSON: [{ file, detections: [{ label, class, score, box: [x1, y1, x2, y2] }] }]; "-" prints it',
    },
    config: { type: "string", value: "C", help: "configuration or recipe of a checkpoint that lies in no run" },
    classes: { type: "string", value: "a,b,c", help: "with --config: the classes in the order of their labels" },
    ...networkOption,
    ...engineOptions,
  },
  positionals: [1, Number.POSITIVE_INFINITY],
  async run({ options, positionals }, terminal) {
    const minScore = scoreOf(options["min-score"]);
    const model = await modelOf(options);
    const dataset = await pictures(positionals, model.classes);
    await makeDirectory(options.out);
    await startEngine(options, terminal);
    const { network, file } = await loadNetwork(model, options);
    terminal.note(`weights: ${file}`);
    const bar = progress(terminal, { label: "detect" });
    const { pipeline, test } = model.config;
    const results = await detectAll(network, dataset, {
      pipeline,
      batch: 1,
      test,
      onProgress: (done, total) => bar.update({ done, total }),
    });
    bar.end();
    disposeParams(network.params);
    const say = options.json === "-" ? terminal.note : terminal.out; // stdout is the JSON's then
    await drawAll(dataset, results, { directory: options.out, minScore }, say);
    const listed = dataset.images.map(({ id, file }) => ({
      file,
      detections: plainDetections(results.get(id)!, model.classes),
    }));
    await writeJson(options.json, listed, terminal);
    return 0;
  },
});

async function modelOf({
  config,
  classes,
  checkpoint,
}: {
  config: string | undefined;
  classes: string | undefined;
  checkpoint: string;
}): Promise<OpenedModel> {
  if (config !== undefined) return openModel(config, async () => classes?.split(","));
  const run = await findRun(checkpoint);
  if (run) return openRun(run);
  throw new LadError(
    "NOT_FOUND",
    `--checkpoint ${checkpoint} is neither a run nor a file in one: give --config C and --classes a,b,c besides`,
  );
}

/** The pictures as a data set without annotations. All are opened first: a broken one stops the command before it works. */
async function pictures(files: readonly string[], classes: readonly string[]): Promise<Dataset> {
  const none = ndArray(new Float32Array(0), [0, 4]);
  const images: Dataset["images"][number][] = [];
  for (const file of files) {
    const { width, height } = await decodeImage(file);
    images.push({
      id: String(images.length),
      file,
      width,
      height,
      boxes: none,
      labels: new Int32Array(0),
      ignoreBoxes: none,
    });
  }
  return { name: "pictures", classes, categoryIds: classes.map((_, label) => label), images, warnings: [] };
}

type Drawing = { readonly directory: string; readonly minScore: number };

async function drawAll(
  dataset: Dataset,
  results: ReadonlyMap<string, Detections>,
  { directory, minScore }: Drawing,
  say: (line: string) => void,
): Promise<void> {
  const used = new Set<string>();
  for (const { id, file } of dataset.images) {
    const marks = detectionMarks(results.get(id)!, dataset.classes, { minScore });
    const name = freeName(path.parse(file).name, used);
    const target = path.join(directory, `${name}.png`);
    await writeFileAtomic(target, drawPanels([{ image: await decodeImage(file), marks }]));
    say(`${file}: ${marks.length} objects, ${target}`);
  }
}

/** Pictures of one name from two folders must not overwrite each other. */
function freeName(name: string, used: Set<string>): string {
  let free = name;
  for (let number = 2; used.has(free); number++) free = `${name}-${number}`;
  used.add(free);
  return free;
}

function plainDetections({ boxes, scores, labels }: Detections, classes: readonly string[]) {
  return Array.from(labels, (label, index) => ({
    label,
    class: classes[label],
    score: scores[index],
    box: Array.from(boxes.data.subarray(index * 4, index * 4 + 4)),
  }));
}

function scoreOf(text: string | undefined): number {
  const score = text === undefined ? 0.3 : Number(text);
  if (text === "" || !(score >= 0 && score <= 1))
    throw usageError(`--min-score: wanted a number between 0 and 1, got "${text}"`);
  return score;
}

async function makeDirectory(directory: string): Promise<void> {
  await mkdir(directory, { recursive: true }).catch((cause: Error) => {
    throw new LadError("IO", `--out ${directory} cannot be made: ${cause.message}`, { cause });
  });
}
