import { type Backbone, fpn, type Pyramid, res2net, resnet, resnext } from "@lad/backbones";
import { LadError } from "@lad/core";
import { type Paa, paa } from "@lad/detectors";
import { conditionalObjectness, implicitObject, type PaaHeadOptions, paaHead } from "@lad/heads";

// The golden files describe their networks in mmdet's words; here they become ours. Every option that is not understood stops the case.

// biome-ignore lint/suspicious/noExplicitAny: mmdet's free-form options
export type MmConfig = any;

/** Refuses options that nobody reads: a silently ignored one would be a wrong network. */
export function onlyKnown(what: string, config: MmConfig, known: readonly string[]): void {
  const unknown = Object.keys(config).filter((key) => !known.includes(key));
  if (unknown.length > 0) throw new LadError("UNSUPPORTED", `${what}: unsupported options ${unknown.join(", ")}`);
}

export function ofType(what: string, type: string, supported: readonly string[]): void {
  if (!supported.includes(type))
    throw new LadError("UNSUPPORTED", `${what}: type ${type} is not supported (${supported.join(", ")} are)`);
}

/** The options of all backbones; each kind has some of its own. */
const backboneOptions =
  "type depth base_channels stem_channels frozen_stages norm_cfg norm_eval num_stages out_indices style pretrained init_cfg dcn stage_with_dcn".split(
    " ",
  );

const backbones: Readonly<Record<string, { readonly own: readonly string[]; build(config: MmConfig): Backbone }>> = {
  ResNet: { own: [], build: (config) => resnet({ ...commonOptions(config), style: config.style ?? "pytorch" }) },
  ResNeXt: {
    own: ["groups", "base_width"],
    build: (config) => resnext({ ...commonOptions(config), groups: config.groups, baseWidth: config.base_width }),
  },
  Res2Net: {
    own: ["scales", "base_width"],
    build: (config) => res2net({ ...commonOptions(config), scales: config.scales, baseWidth: config.base_width }),
  },
};

export function buildBackbone(config: MmConfig): Backbone {
  ofType("backbone", config.type, Object.keys(backbones));
  const { own, build } = backbones[config.type]!;
  onlyKnown("backbone", config, [...backboneOptions, ...own]);
  if (config.type !== "ResNet") ofType("backbone style", config.style ?? "pytorch", ["pytorch"]);
  return build(config);
}

function commonOptions(config: MmConfig) {
  const { dcn, stage_with_dcn: stages = [] } = config;
  return {
    depth: config.depth,
    baseChannels: config.base_channels ?? 64,
    stemChannels: config.stem_channels ?? config.base_channels ?? 64,
    frozenStages: config.frozen_stages ?? -1,
    statistics: config.norm_eval ? ("stored" as const) : ("batch" as const),
    ...(dcn && { deformable: { ...deformableOf(dcn), stages: [1, 2, 3, 4].filter((stage) => stages[stage - 1]) } }),
  };
}

function deformableOf(dcn: MmConfig) {
  onlyKnown("dcn", dcn, ["type", "deform_groups", "fallback_on_stride"]);
  ofType("dcn", dcn.type, ["DCN", "DCNv2"]);
  if (dcn.fallback_on_stride) throw new LadError("UNSUPPORTED", "dcn: fallback_on_stride is not supported");
  return { modulated: dcn.type === "DCNv2", deformGroups: dcn.deform_groups ?? 1 };
}

const extraConvs = { on_input: "onInput", on_lateral: "onLateral", on_output: "onOutput" } as const;

export function buildNeck(config: MmConfig): Pyramid {
  onlyKnown("neck", config, [
    "type",
    "in_channels",
    "out_channels",
    "num_outs",
    "start_level",
    "add_extra_convs",
    "relu_before_extra_convs",
    "used_inputs",
  ]);
  const wanted = config.add_extra_convs === true ? "on_input" : config.add_extra_convs;
  return fpn({
    in: config.in_channels,
    out: config.out_channels,
    startLevel: config.start_level ?? 0,
    levels: config.num_outs,
    extra: wanted ? extraConvs[wanted as keyof typeof extraConvs] : "none",
    reluBeforeExtra: config.relu_before_extra_convs ?? false,
  });
}

type HeadVariant = Pick<PaaHeadOptions, "probability" | "iouBranch">;
const cop = { probability: conditionalObjectness() };
const coladCop = { probability: conditionalObjectness({ unusedObjectness: true }) };

/** The reference has a class per head; ours differ in how class probabilities come about and in the IoU branch. */
const paaHeads: Readonly<Record<string, HeadVariant>> = {
  PAAHead: {},
  PAA_LAD_Head: {},
  PAA_KD_Head: {},
  PAA_CoLAD_StdMean_Head: {},
  PAAIOHead: { probability: implicitObject() },
  PAAIO_BASE_Head: { probability: implicitObject(), iouBranch: false },
  PAA_COP_Head: cop,
  PAA_COP_BASE_Head: { ...cop, iouBranch: false },
  PAA_CoLAD_StdMean_COP_Head: coladCop,
  OwnFisherCOPHead: coladCop,
};

/** The sizes that every dense head of mmdet is described by. */
export function headSizes(head: MmConfig) {
  const { ratios, scalesPerOctave, strides } = anchorsOf(head);
  return {
    classes: head.num_classes as number,
    in: head.in_channels as number,
    channels: head.feat_channels as number,
    stackedConvs: head.stacked_convs as number,
    groups: (head.norm_cfg?.num_groups ?? 32) as number,
    levels: strides.length,
    anchorsPerCell: ratios.length * scalesPerOctave,
  };
}

/** The anchors of a dense head. */
export function anchorsOf({ anchor_generator: generator }: MmConfig) {
  return {
    strides: generator.strides as number[],
    scale: generator.octave_base_scale as number,
    scalesPerOctave: (generator.scales_per_octave ?? 1) as number,
    ratios: (generator.ratios ?? [1]) as number[],
    offset: (generator.center_offset ?? 0) as number,
  };
}

/** @param part "" for the student's sections of `model`, "teacher_" for the teacher's. */
export function buildPaa(golden: MmConfig, part: "" | "teacher_" = ""): Paa {
  const section = (name: string) => golden.model[`${part}${name}`];
  const [backbone, neck, head] = [section("backbone"), section("neck"), section("bbox_head")];
  ofType("bbox_head", head.type, Object.keys(paaHeads));
  const test = head.test_cfg ?? golden.test_cfg ?? golden.model.test_cfg;
  const assigner = (head.train_cfg ?? golden.train_cfg ?? golden.model.train_cfg).assigner;
  return paa({
    backbone: buildBackbone(backbone),
    neck: buildNeck(neck),
    head: paaHead({
      ...headSizes(head),
      ...paaHeads[head.type],
    }),
    anchors: anchorsOf(head),
    coder: { means: head.bbox_coder.target_means, stds: head.bbox_coder.target_stds },
    preAssign: {
      positiveIou: assigner.pos_iou_thr,
      negativeIou: assigner.neg_iou_thr,
      minPositiveIou: assigner.min_pos_iou,
      ignoreIofThreshold: assigner.ignore_iof_thr ?? -1,
    },
    loss: {
      alpha: head.loss_cls.alpha,
      gamma: head.loss_cls.gamma,
      classWeight: head.loss_cls.loss_weight ?? 1,
      boxWeight: head.loss_bbox.loss_weight,
      iouWeight: head.loss_centerness.loss_weight,
    },
    topk: head.topk ?? 9,
    detect: {
      scoreThreshold: test.score_thr,
      iouThreshold: test.nms.iou_threshold,
      perLevel: test.nms_pre,
      perImage: test.max_per_img,
      voting: head.score_voting ?? true,
    },
  });
}
