import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { type ReferenceParams, referenceOptions } from "../../test/reference-options";
import type { CocoIouType } from "../coco-types";
import { evaluateCoco } from "../evaluate-coco";
import { readDetections } from "../read-detections";
import { readGroundTruth } from "../read-ground-truth";
import { evaluateCocoFiles, evaluateFilesWith } from "./evaluate-files";
import { type Task, taskHandler } from "./tasks";
import type { Thread } from "./thread";

const folder = mkdtempSync(join(tmpdir(), "lad-coco-"));
afterAll(() => rmSync(folder, { recursive: true }));

/** Shares the least work. */
const always = { leastDetections: 0, pieceBytes: 100 };

/** Does its tasks here, on copies, and counts them. */
function threadHere(tasks: Task["kind"][]): Thread {
  const handle = taskHandler();
  return {
    run: async (task) => {
      tasks.push(task.kind);
      try {
        return handle(structuredClone(task));
      } catch (error) {
        throw new Error(String(error)); // all that comes over from a thread
      }
    },
    end: () => {},
  };
}

function write(groundTruth: object | string, detections: object | string) {
  const files = { groundTruth: join(folder, "gt.json"), detections: join(folder, "dt.json") };
  const text = (value: object | string) => (typeof value === "string" ? value : JSON.stringify(value));
  writeFileSync(files.groundTruth, text(groundTruth));
  writeFileSync(files.detections, text(detections));
  return files;
}

type Drawn = {
  groundTruth: object;
  detections: object[];
  iouType?: CocoIouType;
  seed: number;
  params: ReferenceParams;
};
const drawn = ["random-cases", "random-mask-cases"].flatMap((name) => {
  const file = new URL(`../../test/fixtures/${name}.json`, import.meta.url);
  return JSON.parse(readFileSync(file, "utf8")) as Drawn[];
});
const numbers = ({ precision, recall, scores, stats, perClass }: ReturnType<typeof evaluateCoco>) => [
  ...[precision.data, recall.data, scores.data, stats].map((values) => Array.from(values)),
  perClass,
];

describe("evaluateCocoFiles", () => {
  it.each(drawn)("gives the same numbers on any number of threads, seed $seed", async (example) => {
    const { iouType = "bbox", groundTruth, detections, params } = example;
    const options = referenceOptions(params, iouType);
    const files = write(groundTruth, JSON.stringify(detections, null, 1));
    const truth = readGroundTruth(JSON.stringify(groundTruth), { iouType });
    const found = readDetections(JSON.stringify(detections), { iouType, images: truth.images });
    const expected = evaluateCoco(truth, found, options);
    for (const threads of [1, 2, 3]) {
      const evaluation = await evaluateFilesWith(files, options, threads, () => threadHere([]), always);
      expect(numbers(evaluation)).toEqual(numbers(expected));
      expect(Array.from(evaluation.detections.scores)).toEqual(Array.from(found.scores));
      const { imageIds, categoryIds } = expected.parameters;
      const [image, category] = [imageIds[0]!, categoryIds[0]!];
      expect(evaluation.imageMatches(image, category)).toEqual(expected.imageMatches(image, category));
    }
  });

  const { groundTruth, detections } = drawn.find(({ detections: list }) => list.length > 100)!;

  it("shares both reading and evaluating", async () => {
    const tasks: Task["kind"][] = [];
    await evaluateFilesWith(write(groundTruth, detections), {}, 3, () => threadHere(tasks), {
      leastDetections: detections.length,
    });
    expect(tasks.filter((kind) => kind === "read")).toHaveLength(2);
    expect(tasks.filter((kind) => kind === "evaluate").length).toBeGreaterThan(0);
  });

  it("evaluates few detections on one thread", async () => {
    const tasks: Task["kind"][] = [];
    await evaluateFilesWith(write(groundTruth, detections), {}, 2, () => threadHere(tasks), {
      leastDetections: detections.length + 1,
    });
    expect(tasks).toEqual(["read", "place"]);
  });

  it("reads on threads what cannot be evaluated on several: pooled categories", async () => {
    const tasks: Task["kind"][] = [];
    const files = write(groundTruth, detections);
    const { stats } = await evaluateFilesWith(files, { useCategories: false }, 2, () => threadHere(tasks), always);
    expect(tasks).toEqual(["read", "place"]);
    const alone = await evaluateCocoFiles(files, { useCategories: false });
    expect(Array.from(stats)).toEqual(Array.from(alone.stats));
  });

  it("finds out when it cut the list inside a string", async () => {
    const misleading = detections.map((detection) => ({ note: "},{".repeat(40), ...detection }));
    const tasks: Task["kind"][] = [];
    const evaluation = await evaluateFilesWith(write(groundTruth, misleading), {}, 2, () => threadHere(tasks), always);
    expect(tasks[0]).toBe("read");
    expect(evaluation.detections.scores).toHaveLength(detections.length);
    const alone = await evaluateCocoFiles(write(groundTruth, detections));
    expect(numbers(evaluation)).toEqual(numbers(alone));
  });

  it.each([
    ["[]", 0],
    [" [ ]\n", 0],
    ['\uFEFF[{"image_id":1,"category_id":1,"bbox":[0,0,5,5],"score":1}]', 1],
  ])("takes lists too short to share: %j", async (text, count) => {
    const truth = { images: [{ id: 1 }], categories: [{ id: 1 }], annotations: [] };
    for (const threads of [1, 2]) {
      const evaluation = await evaluateFilesWith(write(truth, text), {}, threads, () => threadHere([]), always);
      expect(evaluation.detections.scores).toHaveLength(count);
    }
  });

  const last = detections.length - 1;
  it.each([
    [
      [...detections.slice(0, -1), { ...detections[last], score: null }],
      `detections[${last}]: "score" must be a number`,
    ],
    [[...detections.slice(0, -1), {}], `detections[${last}] has no "image_id"`],
    [`${JSON.stringify(detections)} x`, 'wanted the end after the list, got "x"'],
    [JSON.stringify(detections).slice(0, -1), "the text is truncated"],
    [`{"a":${JSON.stringify(detections)}}`, "wanted a list of { image_id"],
    [
      detections.map((one, i) => (i === last ? { ...one, image_id: 1e6 } : one)),
      `detection ${last} is on image id 1000000`,
    ],
  ])("says what is wrong as one thread does, case %#", async (bad, message) => {
    const files = write(groundTruth, bad);
    for (const threads of [1, 2, 3]) {
      const run = evaluateFilesWith(files, {}, threads, () => threadHere([]), always);
      await expect(run).rejects.toThrow(message);
    }
  });

  it("names the file, or the option, that cannot be used", async () => {
    const files = write(groundTruth, detections);
    const missing = { ...files, groundTruth: join(folder, "none.json") };
    for (const threads of [1, 2]) {
      const run = evaluateFilesWith(missing, {}, threads, () => threadHere([]));
      await expect(run).rejects.toThrow(/none\.json cannot be read: ENOENT/);
    }
    await expect(evaluateCocoFiles({ ...files, detections: folder })).rejects.toThrow(/cannot be read: EISDIR/);
    await expect(evaluateCocoFiles({ ...files, groundTruth: files.detections })).rejects.toThrow(
      /gt\.json|dt\.json: readGroundTruth: wanted \{ images/,
    );
    await expect(evaluateCocoFiles(files, { threads: 1.5 })).rejects.toThrow(
      "threads must be a whole number from 1 on",
    );
    await expect(evaluateCocoFiles(files, { threads: 2 })).rejects.toThrow(/no thread runs .*worker\.js/); // these are sources
  });
});
