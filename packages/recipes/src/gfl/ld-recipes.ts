/**
 * Localization distillation, self-LD, and LD of GFocal V2 and of VOC — https://arxiv.org/abs/2102.12252
 * lad train ld/r50-r101 --data coco --init resnet50.pth --teacher runs/gfl-r101 --out runs/ld
 * Expected: `ap` of each row, on val2017 (VOC 2007 test for VOC) unless its source says otherwise
 */
import type { LdOptions } from "../methods";
import type { Recipe } from "../recipe";
import { type GflRecipe, gflRecipe } from "./gfl-recipe";

type Row = Omit<GflRecipe, "version" | "batch" | "expected"> & {
  readonly ap?: number;
  readonly batch?: number;
  readonly testDev?: boolean;
};

const ownBins = ["the published student has reg_max 16 and its teacher's file 64, which stops it; here both have 16"];
const equalBins = ["the published student and teacher have reg_max 64; here both have 16, as the public weights"];
const noTeacher = [
  "the published configuration names a teacher's file that is not there; its teacher here is a recipe of its own",
];
const noBase = [
  "the published configuration inherits from a file that is not there; it is completed by the schedule of its table",
];
const full: LdOptions = { region: {}, classes: {} };
const imitating = (region: "fineGrained" | "gi"): LdOptions => ({ ...full, imitation: { weight: 2, region } });

const first: readonly Row[] = [
  {
    name: "ld/r18-r101",
    backbone: "r18",
    schedule: "1x",
    ap: 36.5,
    notes: ownBins,
    aliases: ["ld/ld_gflv1_r101_r18_fpn_coco_1x"],
    taught: { by: "gfl/r101-2x", backbone: "r101" },
  },
  {
    name: "ld/r34-r101",
    backbone: "r34",
    schedule: "1x",
    ap: 39.8,
    notes: ownBins,
    aliases: ["ld/ld_gflv1_r101_r34_fpn_coco_1x"],
    taught: { by: "gfl/r101-2x", backbone: "r101" },
  },
  {
    name: "ld/r50-r101",
    backbone: "r50",
    schedule: "1x",
    ap: 41.1,
    notes: equalBins,
    aliases: ["ld/ld_gflv1_r101_r50_fpn_coco_1x"],
    taught: { by: "gfl/r101-2x", backbone: "r101" },
  },
  {
    name: "ld/r101-r101dcn-2x",
    backbone: "r101",
    schedule: "2x",
    ap: 45.4,
    notes: noBase,
    aliases: ["ld/ld_gflv1_r101dcn_r101_fpn_coco_2x"],
    taught: { by: "gfl/r101-dcn-2x", backbone: "r101-dcn" },
  },
  { name: "self-ld/r18", backbone: "r18", schedule: "1x", ap: 36.1, taught: { by: "gfl/r18", backbone: "r18" } },
  { name: "self-ld/r50", backbone: "r50", schedule: "1x", ap: 40.6, taught: { by: "gfl/r50", backbone: "r50" } },
  {
    name: "self-ld/x101-dcn",
    backbone: "x101-dcn",
    schedule: "1x",
    batch: 4,
    ap: 47.5,
    taught: { by: "gfl/x101-dcn", backbone: "x101-dcn" },
  },
  {
    name: "ld/r18-r101-voc",
    backbone: "r18",
    schedule: "voc",
    ap: 53,
    notes: noTeacher,
    aliases: ["ld/ld_gflv1_r101_r18_fpn_voc"],
    taught: { by: "gfl/r101-voc", backbone: "r101" },
  },
  {
    name: "ld/r50-r101-voc",
    backbone: "r50",
    schedule: "voc",
    ap: 56.1,
    taught: { by: "gfl/r101-voc", backbone: "r101" },
  },
  {
    name: "ld/r34-r101dcn-voc",
    backbone: "r34",
    schedule: "voc",
    ap: 56.7,
    taught: { by: "gfl/r101-dcn-voc", backbone: "r101-dcn" },
  },
  {
    name: "ld/r101-r101dcn-voc",
    backbone: "r101",
    schedule: "voc",
    ap: 58.4,
    taught: { by: "gfl/r101-dcn-voc", backbone: "r101-dcn" },
  },
  {
    name: "ld-full/r18-r101",
    backbone: "r18",
    schedule: "1x",
    aliases: ["ld/ld_r18_gflv1_r101_fpn_coco_1x"],
    taught: { by: "gfl/r101-2x", backbone: "r101", terms: full },
  },
  {
    name: "ld-full/r34-r101",
    backbone: "r34",
    schedule: "1x",
    aliases: ["ld/ld_r34_gflv1_r101_fpn_coco_1x"],
    taught: { by: "gfl/r101-2x", backbone: "r101", terms: full },
  },
  {
    name: "ld-full/r50-r101",
    backbone: "r50",
    schedule: "1x",
    batch: 4,
    aliases: ["ld/ld_r50_gflv1_r101_fpn_coco_1x"],
    taught: { by: "gfl/r101-2x", backbone: "r101", terms: imitating("fineGrained") },
  },
  {
    name: "ld-full/r101-r101dcn-2x",
    backbone: "r101",
    schedule: "2x",
    aliases: ["ld/ld_r101_gflv1_r101dcn_fpn_coco_2x"],
    taught: { by: "gfl/r101-dcn-2x", backbone: "r101-dcn", terms: full },
  },
  {
    name: "ld-full/r18-r101-voc",
    backbone: "r18",
    schedule: "voc",
    ciou: true,
    aliases: ["ld/ld_r18_gflv1_r101_fpn_voc_1x"],
    taught: { by: "gfl/r101-voc", backbone: "r101", terms: full },
  },
  {
    name: "self-ld/r18-voc",
    backbone: "r18",
    schedule: "voc-12",
    aliases: ["ld/ld_r18_self_2x_3x_voc"],
    notes: [...noTeacher, "it also lacks output_feature, which its head wants; nothing here depends on that"],
    taught: { by: "gfl/r18-voc", backbone: "r18", terms: full },
  },
];

const second: readonly Row[] = [
  {
    name: "ldv2/r50-r101-2x",
    backbone: "r50",
    schedule: "2x-960",
    batch: 16,
    ap: 44.8,
    testDev: true,
    aliases: ["ld/ld_gflv2_r101_r50_fpn_coco_1x"],
    notes: [
      "the published file trains 12 epochs on 6 images a step; the published figure is of 24 epochs on 16, which is what this recipe does",
    ],
    taught: { by: "gflv2/r101-2x", backbone: "r101" },
  },
  {
    name: "ldv2/r101-r101dcn-2x",
    backbone: "r101",
    schedule: "2x-960",
    batch: 16,
    ap: 46.8,
    testDev: true,
    notes: noTeacher,
    aliases: ["ld/ld_gflv2_r101dcn_r101_fpn_coco_2x"],
    taught: { by: "gflv2/r101-dcn-2x", backbone: "r101-dcn" },
  },
  {
    name: "ldv2/r101dcn-r2n-2x",
    backbone: "r101-dcn",
    schedule: "2x-960",
    batch: 16,
    ap: 49.1,
    testDev: true,
    aliases: ["ld/ld_gflv2_r2n_r101dcn_fpn_coco_2x"],
    taught: { by: "gflv2/r2n101-dcn-2x", backbone: "r2n101-dcn" },
  },
  {
    name: "ldv2/x101dcn-r2n-2x",
    backbone: "x101-dcn",
    schedule: "2x-960",
    batch: 16,
    ap: 50.2,
    testDev: true,
    aliases: ["ld/ld_gflv2_r2n_x101_fpn_coco_2x"],
    taught: { by: "gflv2/r2n101-dcn-2x", backbone: "r2n101-dcn" },
  },
  {
    name: "ldv2/r2n-self-2x",
    backbone: "r2n101-dcn",
    schedule: "2x-960",
    batch: 16,
    ap: 51,
    testDev: true,
    aliases: ["ld/ld_gflv2_r2n_r2n_fpn_coco_2x"],
    taught: { by: "gflv2/r2n101-dcn-2x", backbone: "r2n101-dcn" },
  },
  {
    name: "ldv2-full/r50-r101",
    backbone: "r50",
    schedule: "1x",
    aliases: ["ldv2/ld_r50_gflv2_r101_fpn_1x"],
    taught: { by: "gflv2/r101-2x", backbone: "r101", terms: imitating("gi") },
  },
];

const recipeOf =
  (version: 1 | 2) =>
  ({ ap, testDev = false, ...row }: Row) =>
    gflRecipe({
      ...{ version, batch: 6, ...row },
      ...(ap !== undefined && { expected: { ap, source: testDev ? "published, test-dev" : "published" } }),
    });

export const ldRecipes: readonly Recipe[] = [...first.map(recipeOf(1)), ...second.map(recipeOf(2))];
