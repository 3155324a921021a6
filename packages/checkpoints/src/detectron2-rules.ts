/** What a rule may need to know of the whole file. */
export type Detectron2Context = {
  /** Lowest pyramid level with a lateral convolution: 3 of p3 … */
  readonly firstLevel: number;
  /** Pyramid levels with a lateral convolution. */
  readonly levels: number;
  /** Names of a dense head's three predictors. */
  readonly head: { readonly classes: string; readonly boxes: string; readonly quality: string };
};

type Rule = readonly [pattern: RegExp, name: (groups: readonly string[], context: Detectron2Context) => string];

const bottomUp = String.raw`(raw_backbone\.|backbone\.bottom_up\.|bottom_up\.)`;
/** A classifier's file has the bottom-up network alone, under no prefix. */
const below = (prefix: string | undefined) => (prefix ? "backbone." : "");
const pyramid = String.raw`(?:fpn|backbone)\.`;

/**
 * detectron2's names and those of torchvision and mmdetection 2.x for the same parameters, after an LGD student's `student.` is taken
 * off. The first rule that matches the beginning of a name counts; what follows it stays. Towers of dense heads are not here: their places
 * depend on what lies between (`detectron2-towers`).
 */
export const detectron2Rules: readonly Rule[] = [
  [new RegExp(`^${bottomUp}?stem\\.conv1\\.norm\\.`), ([prefix]) => `${below(prefix)}bn1.`],
  [new RegExp(`^${bottomUp}?stem\\.`), ([prefix]) => below(prefix)],
  [
    new RegExp(`^${bottomUp}?res([2-5])\\.(\\d+)\\.shortcut\\.norm\\.`),
    ([prefix, stage, block]) => `${below(prefix)}layer${Number(stage) - 1}.${block}.downsample.1.`,
  ],
  [
    new RegExp(`^${bottomUp}?res([2-5])\\.(\\d+)\\.shortcut\\.`),
    ([prefix, stage, block]) => `${below(prefix)}layer${Number(stage) - 1}.${block}.downsample.0.`,
  ],
  [
    new RegExp(`^${bottomUp}?res([2-5])\\.(\\d+)\\.conv([1-3])\\.norm\\.`),
    ([prefix, stage, block, conv]) => `${below(prefix)}layer${Number(stage) - 1}.${block}.bn${conv}.`,
  ],
  [
    new RegExp(`^${bottomUp}?res([2-5])\\.(\\d+)\\.conv2_offset\\.`),
    ([prefix, stage, block]) => `${below(prefix)}layer${Number(stage) - 1}.${block}.conv2.conv_offset.`,
  ],
  [
    new RegExp(`^${bottomUp}?res([2-5])\\.(\\d+)\\.`),
    ([prefix, stage, block]) => `${below(prefix)}layer${Number(stage) - 1}.${block}.`,
  ],
  [new RegExp(`^${bottomUp}`), () => "backbone."],
  [
    new RegExp(`^${pyramid}fpn_lateral(\\d)\\.`),
    ([level], { firstLevel }) => `neck.lateral_convs.${Number(level) - firstLevel}.conv.`,
  ],
  [
    new RegExp(`^${pyramid}fpn_output(\\d)\\.`),
    ([level], { firstLevel }) => `neck.fpn_convs.${Number(level) - firstLevel}.conv.`,
  ],
  [new RegExp(`^${pyramid}top_block\\.p6\\.`), (_, { levels }) => `neck.fpn_convs.${levels}.conv.`],
  [new RegExp(`^${pyramid}top_block\\.p7\\.`), (_, { levels }) => `neck.fpn_convs.${levels + 1}.conv.`],
  [/^head\.cls_score\./, (_, { head }) => `bbox_head.${head.classes}.`],
  [/^head\.bbox_pred\./, (_, { head }) => `bbox_head.${head.boxes}.`],
  [/^head\.centerness\./, (_, { head }) => `bbox_head.${head.quality}.`],
  [/^head\./, () => "bbox_head."],
  [/^proposal_generator\.rpn_head\.conv\./, () => "rpn_head.rpn_conv."],
  [/^proposal_generator\.rpn_head\.objectness_logits\./, () => "rpn_head.rpn_cls."],
  [/^proposal_generator\.rpn_head\.anchor_deltas\./, () => "rpn_head.rpn_reg."],
  [/^roi_heads\.box_head\.fc(\d+)\./, ([layer]) => `roi_head.bbox_head.shared_fcs.${Number(layer) - 1}.`],
  [/^roi_heads\.box_predictor\.cls_score\./, () => "roi_head.bbox_head.fc_cls."],
  [/^roi_heads\.box_predictor\.bbox_pred\./, () => "roi_head.bbox_head.fc_reg."],
  [/^roi_heads\.mask_head\.mask_fcn(\d+)\./, ([layer]) => `roi_head.mask_head.convs.${Number(layer) - 1}.conv.`],
  [/^roi_heads\.mask_head\.deconv\./, () => "roi_head.mask_head.upsample."],
  [/^roi_heads\.mask_head\.predictor\./, () => "roi_head.mask_head.conv_logits."],
];
