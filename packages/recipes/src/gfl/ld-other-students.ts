/**
 * Localization distillation of ATSS, FCOS and RetinaNet students, and their teachers, as the LD repository has them — https://arxiv.org/abs/2102.12252
 * lad train ld-fcos/r50-r101 --data coco --init resnet50.pth --teacher runs/fcos-r101 --out runs/ld-fcos
 * Expected: no published figure
 */
import { cocoSettings } from "../coco-settings";
import { defineConfig } from "../config";
import { type DistributionNetworkOptions, distributionNetwork } from "../distribution-network";
import { ldStudents } from "../ld-students";
import { ldMethod, plainMethod } from "../methods";
import { ldPaper, type Recipe } from "../recipe";

type Kind = DistributionNetworkOptions["detector"];

const rows: readonly { kind: Kind; title: string; batch: number; alias: string; notes?: readonly string[] }[] = [
  { kind: "atss", title: "ATSS", batch: 16, alias: "ld/ld_r50_atss_r101_1x" },
  {
    ...{ kind: "fcos", title: "FCOS", batch: 16, alias: "ld/ld_r50_fcos_r101_1x" },
    notes: [
      "the published one starts from a Caffe backbone on BGR images, learns biases twice as fast, without decay, and warms up from a third; here all parameters are alike and the backbone is torchvision's",
    ],
  },
  {
    ...{ kind: "retina", title: "RetinaNet", batch: 4, alias: "ld/ld_retina_r50_1x" },
    notes: ["the published one stops in its backward pass, which changes a tensor that it needs; here it runs"],
  },
];

export const ldOtherStudents: readonly Recipe[] = rows.flatMap(({ kind, title, batch, alias, notes }): Recipe[] => {
  const common = { paper: ldPaper, dataset: "COCO", schedule: "1x" };
  const settings = { ...cocoSettings, batch };
  const network = (depth: 50 | 101) => distributionNetwork({ detector: kind, depth });
  const alone = ([50, 101] as const).map((depth) => ({
    ...{ ...common, name: `${kind}-distribution/r${depth}`, aliases: [] },
    summary: `${title} with distributions, ResNet-${depth}`,
    config: defineConfig({ ...settings, student: network(depth), method: plainMethod }),
  }));
  const config = defineConfig({
    ...settings,
    student: network(50),
    teacher: network(101),
    method: ldMethod(ldStudents[kind]),
  });
  const taught: Recipe = {
    ...{ ...common, name: `ld-${kind}/r50-r101`, aliases: [alias], config },
    ...{ summary: `LD, ${title} ResNet-50 taught by ResNet-101`, teacher: `${kind}-distribution/r101` },
    ...(notes && { notes }),
  };
  return [...alone, taught];
});
