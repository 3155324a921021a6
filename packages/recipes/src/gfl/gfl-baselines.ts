/**
 * GFocal V1 and V2, the baselines and teachers of localization distillation — https://arxiv.org/abs/2006.04388, https://arxiv.org/abs/2011.12885
 * lad train gfl/r101-2x --data coco --init resnet101.pth --out runs/gfl-r101
 * Expected: `ap` of each row, on val2017 (VOC 2007 test for VOC) unless its source says otherwise
 */
import type { Recipe } from "../recipe";
import { type GflBackbone, type GflRecipe, gflRecipe } from "./gfl-recipe";

type Row = readonly [backbone: GflBackbone, ap?: number | undefined, more?: Partial<GflRecipe>];
type Family = Pick<GflRecipe, "version" | "schedule" | "batch"> & {
  name(backbone: string): string;
  rows: readonly Row[];
};

const bins = ["the LD repository's file says reg_max 64; its public weights and this recipe have 16"];
const dcn = [
  'the published configuration inherits from a file that is not there and calls its layers "dconv"; they are plain deformable convolutions (v1)',
];
const untrainable = "the published file can only be tested, its head stops when it trains; here it trains";
const cocoImages =
  "the published file takes COCO's images though it has the 20 classes of VOC; here it takes VOC's, once an epoch";

const families: readonly Family[] = [
  {
    ...{ version: 1, schedule: "1x", batch: 6, name: (backbone: string) => `gfl/${backbone}` },
    rows: [
      ["r18", 35.8],
      ["r34", 38.9, { notes: bins }],
      ["r50", 40.1, { notes: bins, aliases: ["gfl/gfl_r50_fpn_1x_coco"] }],
      ["r101"],
      ["x101-dcn", 46.9, { batch: 4 }],
    ],
  },
  {
    ...{ version: 1, schedule: "2x", batch: 6, name: (backbone: string) => `gfl/${backbone}-2x` },
    rows: [
      ["r18"],
      ["r34"],
      ["r50", 42.9],
      ["r101", 44.6, { notes: bins }],
      ["r101-dcn", 47.1, { notes: dcn }],
      ["x101", 45.9, { notes: bins }],
      ["x101-dcn", 48.1],
    ],
  },
  {
    ...{ version: 2, schedule: "1x", batch: 16, name: (backbone: string) => `gflv2/${backbone}` },
    rows: [["r18"], ["r34"], ["r50", 41, { aliases: ["gfl/gflv2_r50_fpn_1x_coco"] }], ["r101"]],
  },
  {
    ...{ version: 2, schedule: "2x-960", batch: 16, name: (backbone: string) => `gflv2/${backbone}-2x` },
    rows: [
      ["r18"],
      ["r34"],
      ["r50", 43.9],
      ["r101", 45.8],
      ["r101-dcn", 48],
      ["x101"],
      ["x101-dcn", 48.8],
      ["r2n101-dcn", 49.9],
    ],
  },
  {
    ...{ version: 1, schedule: "voc", batch: 6, name: (backbone: string) => `gfl/${backbone}-voc` },
    rows: [["r18", 51.8], ["r34", 55.7], ["r50", 55.8], ["r101", 57.6], ["r101-dcn"]],
  },
  {
    ...{ version: 1, schedule: "voc-16", batch: 6, name: (backbone: string) => `gfl/${backbone}-voc-16` },
    rows: [
      ["r18", undefined, { ciou: true }],
      ["r101", undefined, { aliases: ["gfl/gfl_r101_fpn_voc"] }],
    ],
  },
  {
    ...{ version: 2, schedule: "2x", batch: 16, name: (backbone: string) => `gflv2/${backbone}-2x-800` },
    rows: [["r101", undefined, { notes: [untrainable], aliases: ["gfl/gflv2_r101_fpn_2x_coco"] }]],
  },
  {
    ...{ version: 2, schedule: "voc-24", batch: 16, name: (backbone: string) => `gflv2/${backbone}-voc` },
    rows: [["r101", undefined, { notes: [untrainable, cocoImages], aliases: ["gfl/gflv2_r101_fpn_2x_voc"] }]],
  },
];

export const gflBaselines: readonly Recipe[] = families.flatMap(({ name, rows, ...family }) =>
  rows.map(([backbone, ap, more]) =>
    gflRecipe({
      ...family,
      ...{ name: name(backbone), backbone },
      ...(ap !== undefined && { expected: { ap, source: "published" } }),
      ...more,
    }),
  ),
);
