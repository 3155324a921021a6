import { readFileSync } from "node:fs";
import { LadError, random } from "@lad/core";
import { describe, expect, it } from "vitest";
import { type CocoIouType, evaluateCoco, readDetections, readGroundTruth } from "../src/index";
import { decodeRle, encodeRle, type Rle, rleArea, rleBox, rleFromString, rleIou, rleToString } from "../src/rle/index";
import { mutate } from "./mutate";

/** How many of each kind; the whole of it is LAD_FUZZ=10000. */
const count = Number(process.env.LAD_FUZZ ?? 1000);

type Scene = { readonly iouType?: CocoIouType; readonly groundTruth: object; readonly detections: object };
const scenes = ["random-cases", "random-mask-cases"].flatMap(
  (name) => JSON.parse(readFileSync(new URL(`./fixtures/${name}.json`, import.meta.url), "utf8")) as Scene[],
);

type Outcome<Result> = { readonly result: Result } | { readonly error: LadError };

/** What came of it; anything but a result or a LadError with a message is a failure of the test. */
function outcome<Result>(run: () => Result): Outcome<Result> {
  try {
    return { result: run() };
  } catch (error) {
    if (!LadError.is(error) || error.message.length < 20) throw error;
    return { error };
  }
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** Counts with characters beyond ASCII are no mask, whichever bytes stand for them: what follows them lies elsewhere. */
function withoutBadMasks<Result>(found: Outcome<Result>, text: string): unknown {
  if (new TextEncoder().encode(text).length === text.length || !("result" in found)) return found;
  const { annotations } = found.result as { readonly annotations?: object };
  return { ...found.result, masks: undefined, annotations: { ...annotations, masks: undefined } };
}

/**
 * The reader of text must agree with JSON.parse: on what is JSON at all, and on what is in it. It may refuse a list that
 * JSON.parse drops, because its key comes once more; `strict` counts those.
 */
function agreeing<Result>(text: string, read: (json: string | object) => Result, strict: () => void): Outcome<Result> {
  const found = outcome(() => read(text));
  const value = parsed(text);
  if (value === undefined) expect("error" in found, "accepted what is not JSON").toBe(true);
  else if (typeof value === "object" && value !== null) {
    const fromObjects = outcome(() => read(value));
    if ("result" in fromObjects && "error" in found) strict();
    else if ("result" in fromObjects) expect(withoutBadMasks(found, text)).toEqual(withoutBadMasks(fromObjects, text));
    else expect("error" in found && found.error.code).toBe(fromObjects.error.code);
  }
  return found;
}

function checkStats(stats: Float64Array): void {
  for (const value of stats) expect(value === -1 || (value >= 0 && value <= 1), `got ${value}`).toBe(true);
}

/** Runs `check` on drawn inputs, and says which seed failed. */
function forSeeds(kind: number, check: (stream: ReturnType<typeof random>) => void): void {
  for (let seed = 0; seed < count; seed++) {
    try {
      check(random(kind, seed));
    } catch (error) {
      throw new Error(`seed ${seed}: ${(error as Error).message}`, { cause: error });
    }
  }
}

describe("mutated files: an error that says what is wrong, or the right numbers", () => {
  const timeout = 1000 * Math.max(60, count / 10);

  it("annotations", { timeout }, () => {
    let [evaluated, refused] = [0, 0];
    forSeeds(1, (stream) => {
      const { iouType = "bbox", groundTruth, detections } = scenes[stream.integer(scenes.length)]!;
      const read = agreeing(
        mutate(JSON.stringify(groundTruth), stream),
        (json) => readGroundTruth(json, { iouType }),
        () => refused++,
      );
      if ("error" in read) return;
      const found = outcome(() => {
        const results = readDetections(detections, { iouType, images: read.result.images });
        return evaluateCoco(read.result, results, { iouType });
      });
      if ("error" in found) return;
      evaluated++;
      checkStats(found.result.stats);
    });
    expect(evaluated).toBeGreaterThan(count / 50);
    expect(evaluated).toBeLessThan(count);
    expect(refused).toBeLessThan(count / 100);
  });

  it("detections", { timeout }, () => {
    let [evaluated, refused] = [0, 0];
    forSeeds(2, (stream) => {
      const { iouType = "bbox", groundTruth, detections } = scenes[stream.integer(scenes.length)]!;
      const truth = readGroundTruth(groundTruth, { iouType });
      const read = (json: string | object) => readDetections(json, { iouType, images: truth.images });
      const results = agreeing(mutate(JSON.stringify(detections), stream), read, () => refused++);
      if ("error" in results) return;
      const found = outcome(() => evaluateCoco(truth, results.result, { iouType }));
      if ("error" in found) return;
      evaluated++;
      checkStats(found.result.stats);
    });
    expect(evaluated).toBeGreaterThan(count / 50);
    expect(evaluated).toBeLessThan(count);
    expect(refused).toBeLessThan(count / 100);
  });
});

describe("mutated RLE strings", () => {
  const drawn = (stream: ReturnType<typeof random>): Rle => {
    const [height, width] = [1 + stream.integer(12), 1 + stream.integer(12)];
    const share = stream.uniform();
    const data = Uint8Array.from({ length: height * width }, () => Number(stream.uniform() < share));
    return encodeRle({ data, shape: [height, width] });
  };

  it("give counts that write themselves the same again, or an error", () => {
    let usable = 0;
    forSeeds(3, (stream) => {
      const whole = drawn(stream);
      const read = outcome(() => rleFromString(mutate(rleToString(whole), stream), whole.size));
      if ("error" in read) return;
      const { result: mask } = read;
      expect(rleFromString(rleToString(mask), whole.size)).toEqual(mask);
      const pixels = outcome(() => decodeRle(mask));
      const iou = outcome(() => rleIou([mask], [whole]).data[0]!);
      const area = outcome(() => rleArea(mask));
      const sum = mask.counts.reduce((total, length) => total + length, 0);
      expect("result" in pixels, "counts that add up are a mask").toBe(sum === whole.size[0] * whole.size[1]);
      expect("result" in iou).toBe("result" in pixels);
      if (!("result" in pixels && "result" in iou && "result" in area)) return;
      usable++;
      expect(area.result).toBe(pixels.result.data.reduce((total, pixel) => total + pixel, 0));
      expect(iou.result >= 0 && iou.result <= 1).toBe(true);
      expect(Array.from(rleBox(mask)).every(Number.isFinite)).toBe(true);
    });
    expect(usable).toBeGreaterThan(count / 50);
  });
});
