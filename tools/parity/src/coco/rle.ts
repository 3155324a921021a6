import { createHash } from "node:crypto";
import {
  boxIou,
  decodeRle,
  encodeRle,
  type MaskSize,
  mergeRles,
  type Rle,
  rleArea,
  rleBox,
  rleFromBox,
  rleFromPolygons,
  rleFromString,
  rleIou,
  rleToString,
} from "@lad/coco-eval/rle";
import { type NdRecord, ndArray } from "@lad/core";
import type { Report } from "../report";
import { exact } from "../tolerance";
import { characters, flat } from "./tensors";

/** What the reference's mask functions give. */
export type CocoRle = {
  readonly encode: readonly {
    h: number;
    w: number;
    rows: string[];
    uncompressed: number[];
    counts: string;
    area: number;
    bbox: number[];
  }[];
  readonly frPolys: readonly {
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
  readonly frUncompressed: readonly {
    size: MaskSize;
    uncompressed: number[];
    counts: string;
    area: number;
    bbox: number[];
    decodedColumnMajorSha256: string;
  }[];
  readonly merge: readonly {
    size?: MaskSize;
    sizes?: MaskSize[];
    in: string[];
    union?: string;
    intersect?: string;
    unionSize?: number[];
  }[];
  readonly iou: readonly {
    size: MaskSize;
    dt: string[];
    gt: string[];
    iscrowd: number[];
    iou: number[][];
    iouNoCrowd?: number[][];
  }[];
  readonly bboxIou: readonly { dt: number[][]; gt: number[][]; iscrowd: number[]; iou: number[][] }[];
};

type Values = Record<string, NdRecord[string]>;
type Described = { readonly counts: string; readonly area: number; readonly bbox: readonly number[] };

/** The reference's values as tensors: `encode.<i>.counts` (characters), `frPolys.<i>.<polygon>.area`, `iou.<i>.noCrowd` … */
export function rleTensors({ encode, frPolys, frBboxes, frUncompressed, merge, iou, bboxIou }: CocoRle): NdRecord {
  const values: Values = {};
  for (const [i, example] of encode.entries()) {
    Object.assign(values, described(`encode.${i}`, example), {
      [`encode.${i}.runs`]: flat(example.uncompressed),
      [`encode.${i}.mask`]: flat(pixels(example.rows)),
    });
  }
  for (const [i, { counts, areas, mergedCounts, mergedArea, mergedBbox }] of frPolys.entries()) {
    for (const [j, text] of counts.entries()) {
      values[`frPolys.${i}.${j}.counts`] = characters(text);
      values[`frPolys.${i}.${j}.area`] = flat([areas[j]]);
    }
    const merged = { counts: mergedCounts, area: mergedArea, bbox: mergedBbox };
    Object.assign(values, described(`frPolys.${i}.merged`, merged));
  }
  for (const [i, counts] of frBboxes.counts.entries()) {
    const box = { counts, area: frBboxes.areas[i]!, bbox: frBboxes.bbox[i]! };
    Object.assign(values, described(`frBboxes.${i}`, box));
  }
  for (const [i, example] of frUncompressed.entries()) {
    Object.assign(values, described(`frUncompressed.${i}`, example), {
      [`frUncompressed.${i}.pixels`]: characters(example.decodedColumnMajorSha256),
    });
  }
  for (const [i, { union, intersect, unionSize }] of merge.entries()) {
    if (union !== undefined) values[`merge.${i}.union`] = characters(union);
    if (intersect !== undefined) values[`merge.${i}.intersect`] = characters(intersect);
    if (unionSize) values[`merge.${i}.unionSize`] = flat(unionSize);
  }
  for (const [i, example] of iou.entries()) {
    values[`iou.${i}.crowd`] = flat(example.iou);
    if (example.iouNoCrowd) values[`iou.${i}.noCrowd`] = flat(example.iouNoCrowd);
  }
  for (const [i, example] of bboxIou.entries()) values[`bboxIou.${i}`] = flat(example.iou);
  return values;
}

function described(name: string, { counts, area, bbox }: Described): Values {
  return { [`${name}.counts`]: characters(counts), [`${name}.area`]: flat([area]), [`${name}.bbox`]: flat(bbox) };
}

/** Replays all of it with our functions, bit for bit. */
export function runRle(rle: CocoRle, report: Report): void {
  for (const [name, values] of Object.entries(ourTensors(rle)))
    report.compare(name.split(".")[0]!, name, values, exact);
}

function ourTensors({ encode, frPolys, frBboxes, frUncompressed, merge, iou, bboxIou }: CocoRle): Values {
  const values: Values = {};
  for (const [i, { rows, h, w, counts }] of encode.entries()) {
    const mask = encodeRle(ndArray(Uint8Array.from(pixels(rows)), [h, w]));
    Object.assign(values, describe(`encode.${i}`, mask), {
      [`encode.${i}.runs`]: flat([...mask.counts]),
      [`encode.${i}.mask`]: flat([...decodeRle(rleFromString(counts, [h, w])).data]),
    });
  }
  for (const [i, { polys, h, w }] of frPolys.entries()) {
    for (const [j, points] of polys.entries()) {
      const part = rleFromPolygons([points], [h, w]);
      values[`frPolys.${i}.${j}.counts`] = characters(rleToString(part));
      values[`frPolys.${i}.${j}.area`] = flat([rleArea(part)]);
    }
    Object.assign(values, describe(`frPolys.${i}.merged`, rleFromPolygons(polys, [h, w])));
  }
  for (const [i, box] of frBboxes.boxes.entries())
    Object.assign(values, describe(`frBboxes.${i}`, rleFromBox(box, [frBboxes.h, frBboxes.w])));
  for (const [i, { size, uncompressed }] of frUncompressed.entries()) {
    const mask = { size, counts: Uint32Array.from(uncompressed) };
    Object.assign(values, describe(`frUncompressed.${i}`, mask), {
      [`frUncompressed.${i}.pixels`]: characters(columnMajorSha(mask)),
    });
  }
  for (const [i, example] of merge.entries()) {
    const rles = example.in.map((text, part) => rleFromString(text, (example.sizes?.[part] ?? example.size)!));
    const union = mergeRles(rles);
    if (example.union !== undefined) values[`merge.${i}.union`] = characters(rleToString(union));
    if (example.unionSize) values[`merge.${i}.unionSize`] = flat([...union.size]);
    if (example.intersect !== undefined)
      values[`merge.${i}.intersect`] = characters(rleToString(mergeRles(rles, "intersection")));
  }
  for (const [i, { size, dt, gt, iscrowd, iouNoCrowd }] of iou.entries()) {
    const [detections, annotations] = [dt, gt].map((list) => list.map((text) => rleFromString(text, size)));
    values[`iou.${i}.crowd`] = flat([...rleIou(detections!, annotations!, iscrowd).data]);
    if (iouNoCrowd) values[`iou.${i}.noCrowd`] = flat([...rleIou(detections!, annotations!).data]);
  }
  for (const [i, { dt, gt, iscrowd }] of bboxIou.entries())
    values[`bboxIou.${i}`] = flat([...boxIou(dt.flat(), gt.flat(), iscrowd).data]);
  return values;
}

function describe(name: string, rle: Rle): Values {
  return described(name, { counts: rleToString(rle), area: rleArea(rle), bbox: rleBox(rle) });
}

function pixels(rows: readonly string[]): number[] {
  return [...rows.join("")].map(Number);
}

function columnMajorSha(rle: Rle): string {
  const { data, shape } = decodeRle(rle);
  const [height, width] = shape as [number, number];
  const columns = new Uint8Array(data.length);
  for (let x = 0; x < width; x++) for (let y = 0; y < height; y++) columns[x * height + y] = data[y * width + x]!;
  return createHash("sha256").update(columns).digest("hex");
}
