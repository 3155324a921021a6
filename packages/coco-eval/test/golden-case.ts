import { existsSync, readdirSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import type { CocoIouType } from "../src/index";
import type { ReferenceParams } from "./reference-options";

const checkout = fileURLToPath(new URL("../../../", import.meta.url));
const everything = process.env.LAD_GOLDEN ?? `${checkout}../shared/golden`;
const folder = `${existsSync(everything) ? everything : `${checkout}fixtures/golden`}/coco_eval/`;

export type GoldenRun = {
  readonly iouType: CocoIouType;
  readonly dropBboxFromDetections?: boolean;
  readonly paramsOverride: ReferenceParams;
  readonly stats: number[];
  readonly counts: number[];
  readonly imgIds: number[];
  readonly perClass: Record<string, { AP: number | null; AP50: number | null; AR: number | null }>;
  readonly precisionMeanOverRecall: unknown[];
  readonly recall: unknown[];
  readonly arrays?: string;
  readonly evalImgs?: GoldenImage[];
};

export type GoldenImage = {
  readonly image_id: number;
  readonly category_id: number;
  readonly aRng: [number, number];
  readonly dtIds: number[];
  readonly gtIds: number[];
  readonly dtMatches: number[][];
  readonly gtMatches: number[][];
  readonly dtIgnore: number[][];
  readonly gtIgnore: number[];
  readonly ious?: number[][];
};

export type ErrorCase = {
  readonly case: string;
  readonly gt: object;
  readonly dt: object[];
  readonly iouType: CocoIouType;
  readonly paramsOverride: ReferenceParams;
  readonly error?: { readonly message: string };
  readonly result?: { readonly stats: number[]; readonly catIds: number[]; readonly imgIds: number[] };
};

/** Names of the evaluation cases there. */
export function goldenCases(): string[] {
  return readdirSync(folder)
    .filter((name) => name.endsWith(".expected.json"))
    .map((name) => name.replace(".expected.json", ""));
}

export function goldenBytes(name: string): Uint8Array {
  return readFileSync(folder + name);
}

export function goldenRuns(name: string): GoldenRun[] {
  return (JSON.parse(readFileSync(`${folder}${name}.expected.json`, "utf8")) as { runs: GoldenRun[] }).runs;
}

/** Detections of a case as a run takes them. */
export function goldenDetections(name: string, { dropBboxFromDetections }: GoldenRun): Uint8Array | object[] {
  const bytes = goldenBytes(`${name}.dt.json`);
  if (!dropBboxFromDetections) return bytes;
  const detections = JSON.parse(Buffer.from(bytes).toString()) as { bbox?: unknown }[];
  return detections.map(({ bbox: _, ...rest }) => rest);
}

/** The cases of errors.json; none where only the committed few are. */
export function goldenErrorCases(): ErrorCase[] {
  const file = `${folder}errors.json`;
  return existsSync(file) ? (JSON.parse(readFileSync(file, "utf8")) as ErrorCase[]) : [];
}

/** What rle.json holds. */
export type GoldenRle = {
  readonly encode: {
    name: string;
    h: number;
    w: number;
    rows: string[];
    uncompressed: number[];
    counts: string;
    area: number;
    bbox: number[];
  }[];
  readonly frPolys: {
    name: string;
    h: number;
    w: number;
    polys: number[][];
    counts: string[];
    areas: number[];
    mergedCounts: string;
    mergedArea: number;
    mergedBbox: number[];
  }[];
  readonly frBboxes: { h: number; w: number; boxes: number[][]; counts: string[]; areas: number[]; bbox: number[][] };
  readonly frUncompressed: {
    size: [number, number];
    uncompressed: number[];
    counts: string;
    area: number;
    bbox: number[];
    decodedColumnMajorSha256: string;
  }[];
  readonly merge: {
    size?: [number, number];
    sizes?: [number, number][];
    in: string[];
    union: string;
    intersect?: string;
    unionSize?: number[];
  }[];
  readonly iou: {
    size: [number, number];
    dt: string[];
    gt: string[];
    iscrowd: number[];
    iou: number[][];
    iouNoCrowd: number[][];
  }[];
  readonly bboxIou: { dt: number[][]; gt: number[][]; iscrowd: number[]; iou: number[][] }[];
};

export function goldenRle(): GoldenRle {
  return JSON.parse(readFileSync(`${folder}rle.json`, "utf8")) as GoldenRle;
}

/** A float64 tensor of a safetensors file. */
export function goldenDoubles(name: string, tensor: string): number[] {
  const bytes = readFileSync(folder + name);
  const headerLength = Number(bytes.readBigUInt64LE(0));
  const header = JSON.parse(bytes.subarray(8, 8 + headerLength).toString()) as Record<
    string,
    { data_offsets: [number, number] }
  >;
  const [start, end] = header[tensor]!.data_offsets.map((offset) => 8 + headerLength + offset) as [number, number];
  return Array.from(new Float64Array(Uint8Array.from(bytes.subarray(start, end)).buffer));
}
