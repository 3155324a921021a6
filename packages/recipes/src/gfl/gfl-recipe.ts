import type { DistributionDetector } from "@lad/detectors";
import { ciouLoss } from "@lad/losses";
import { defineConfig, type NetworkContext, type Settings } from "../config";
import { gflNetwork } from "../gfl-network";
import { type LdOptions, ldMethod, plainMethod } from "../methods";
import type { PyramidNetworkOptions } from "../pyramid-network";
import { gflPaper, gflV2Paper, ldPaper, type Recipe } from "../recipe";
import { type GflSchedule, gflSchedules } from "./gfl-schedules";

type BackboneOptions = Pick<PyramidNetworkOptions, "depth" | "backbone" | "deformable">;

/** The published backbones by the names that recipes have; deformable convolutions are v1, whatever the configurations call them. */
const backbones = {
  r18: { depth: 18 },
  r34: { depth: 34 },
  r50: { depth: 50 },
  r101: { depth: 101 },
  "r101-dcn": { depth: 101, deformable: { stages: [2, 3, 4] } },
  x101: { depth: 101, backbone: "resnext" },
  "x101-dcn": { depth: 101, backbone: "resnext", deformable: { stages: [3, 4] } },
  "r2n101-dcn": { depth: 101, backbone: "res2net", deformable: { stages: [3, 4] } },
} as const satisfies Readonly<Record<string, BackboneOptions>>;

const titles: Readonly<Record<GflBackbone, string>> = {
  r18: "ResNet-18",
  r34: "ResNet-34",
  r50: "ResNet-50",
  r101: "ResNet-101",
  "r101-dcn": "ResNet-101-DCN",
  x101: "ResNeXt-101-32x4d",
  "x101-dcn": "ResNeXt-101-32x4d-DCN",
  "r2n101-dcn": "Res2Net-101-DCN",
};

export type GflBackbone = keyof typeof backbones;

export type GflRecipe = {
  readonly name: string;
  readonly version: 1 | 2;
  readonly backbone: GflBackbone;
  readonly schedule: GflSchedule;
  /** Images a step: what the published runs had on all their processors together. */
  readonly batch: number;
  readonly expected?: Recipe["expected"] | undefined;
  readonly aliases?: readonly string[];
  /** CIoU in place of GIoU. */
  readonly ciou?: boolean;
  /** Recipe and backbone of the teacher, and what is distilled; nothing: it learns alone. */
  readonly taught?: { readonly by: string; readonly backbone: GflBackbone; readonly terms?: LdOptions };
  readonly notes?: readonly string[];
};

/** GFocal of a version on a published backbone. */
export function publishedGfl(
  version: 1 | 2,
  backbone: GflBackbone,
  ciou = false,
): (context: NetworkContext) => DistributionDetector {
  return gflNetwork({ version, ...backbones[backbone], ...(ciou && { loss: { boxLoss: ciouLoss } }) });
}

/** A published GFocal or LD configuration of a row of a table. Its learning rate is 0.01 for 16 images a step, in proportion for others. */
export function gflRecipe(row: GflRecipe): Recipe {
  const { name, version, backbone, schedule, batch, expected, aliases = [], ciou, taught, notes } = row;
  const { settings, dataset, title } = gflSchedules[schedule];
  const common: Settings & { student(context: NetworkContext): DistributionDetector } = {
    ...settings,
    batch,
    student: publishedGfl(version, backbone, ciou),
  };
  const own = `GFocal V${version} ${titles[backbone]}`;
  const self = taught?.backbone === backbone;
  return {
    ...{ name, aliases, dataset, schedule: title },
    summary: taught ? `${self ? "self-LD" : "LD"}, ${own} taught by ${titles[taught.backbone]}` : own,
    paper: taught ? ldPaper : version === 1 ? gflPaper : gflV2Paper,
    ...(taught && { teacher: taught.by }),
    ...(expected && { expected }),
    ...(notes && { notes }),
    config: taught
      ? defineConfig({ ...common, teacher: publishedGfl(version, taught.backbone), method: ldMethod(taught.terms) })
      : defineConfig({ ...common, method: plainMethod }),
  };
}
