/**
 * ATSS, FCOS and RetinaNet ResNet-18 students of LD and their ResNet-34 teachers, from scratch on blood cells (BCCD), 6 epochs — https://arxiv.org/abs/2102.12252
 * lad train bccd/atss-r34 --data bccd --out runs/bccd-atss-r34
 * lad train bccd/ld-atss-r18 --data bccd --teacher runs/bccd-atss-r34 --out runs/bccd-ld-atss-r18
 * Expected: AP 21.0 (ATSS), 22.9 (FCOS), 23.4 (RetinaNet) with LD, their teachers 36.7, 35.7, 29.2 (ours, seed 0): short runs that show that each learns
 */

import type { DistributionDetector } from "@lad/detectors";
import { defineConfig, type NetworkContext, type Settings } from "../config";
import { type DistributionNetworkOptions, distributionNetwork } from "../distribution-network";
import { ldStudents } from "../ld-students";
import { ldMethod, plainMethod } from "../methods";
import { ldPaper, type Recipe } from "../recipe";
import { bccdSettings } from "./bccd-settings";

type Kind = DistributionNetworkOptions["detector"];

const titles: Readonly<Record<Kind, string>> = { atss: "ATSS", fcos: "FCOS", retina: "RetinaNet" };

const settings: Settings = {
  ...bccdSettings,
  epochs: 6,
  milestones: [5],
  warmup: { iterations: 50, ratio: 0.001 },
  validation: { every: 2 },
};

/** The sizes of all BCCD recipes; RetinaNet gets the norms that training from scratch wants. */
function network(detector: Kind, depth: 18 | 34): (context: NetworkContext) => DistributionDetector {
  return distributionNetwork({ detector, depth, channels: 128, stackedConvs: 2, groups: 32 });
}

function described(name: string, what: string): Omit<Recipe, "config"> {
  const summary = `${what}, blood cells at 320x240`;
  return { name: `bccd/${name}`, aliases: [], summary, paper: ldPaper, dataset: "BCCD", schedule: "6 epochs" };
}

/** For each kind of student: it alone, its teacher, and the student taught. */
export const bccdLdStudents: readonly Recipe[] = (["atss", "fcos", "retina"] as const).flatMap((kind) => {
  const alone = ([18, 34] as const).map((depth): Recipe => {
    const config = defineConfig({ ...settings, student: network(kind, depth), method: plainMethod });
    const what = `${titles[kind]} with distributions, ResNet-${depth} from scratch`;
    return { ...described(`${kind}-r${depth}`, what), config };
  });
  const config = defineConfig({
    ...settings,
    student: network(kind, 18),
    teacher: network(kind, 34),
    method: ldMethod(ldStudents[kind]),
  });
  const what = `LD, VLR and classes, ${titles[kind]} ResNet-18 taught by ResNet-34`;
  return [...alone, { ...described(`ld-${kind}-r18`, what), teacher: `bccd/${kind}-r34`, config }];
});
