import { type DistributionDetector, type GflLossOptions, gfl } from "@lad/detectors";
import { type DistributionHeadOptions, gflHead, gflV2Head } from "@lad/heads";
import { ciouLoss, diouLoss, giouLoss, iouLoss } from "@lad/losses";
import { anchorsOf, buildBackbone, buildNeck, headSizes, type MmConfig, ofType, onlyKnown } from "./build-mm";

/** Heads of the reference, all snapshots: V1 or V2; what they distil is read elsewhere. `epsilon`: added to the sum of box weights. */
const heads: Readonly<Record<string, { readonly version: 1 | 2; readonly epsilon: number }>> = {
  GFLHead: { version: 1, epsilon: 0 },
  KDGFLHead: { version: 1, epsilon: 0 },
  LDHead: { version: 1, epsilon: 1e-6 },
  GFocalHead: { version: 2, epsilon: 0 },
  KDGFocalHead: { version: 2, epsilon: 0 },
  LDv2Head: { version: 2, epsilon: 1e-6 },
};

const boxLosses = { GIoULoss: giouLoss, DIoULoss: diouLoss, CIoULoss: ciouLoss, IoULoss: iouLoss };

/** A GFocal detector from a section of the case (`model`, `teacher`, …). */
export function buildGfl(golden: MmConfig, model: MmConfig): DistributionDetector {
  const head = model.bbox_head;
  ofType("bbox_head", head.type, Object.keys(heads));
  onlyKnown("bbox_head", head, [
    ..."type anchor_generator feat_channels in_channels stacked_convs num_classes norm_cfg reg_max".split(" "),
    ..."loss_cls loss_bbox loss_dfl loss_ld loss_ld_vlr loss_kd loss_im imitation_method".split(" "),
    ..."add_mean reg_topk reg_channels bbox_coder".split(" "),
  ]);
  const { version, epsilon } = heads[head.type]!;
  const options: DistributionHeadOptions = {
    ...headSizes(head),
    binCount: (head.reg_max ?? 16) + 1,
  };
  const quality = { topk: head.reg_topk ?? 4, mean: head.add_mean ?? true, channels: head.reg_channels ?? 64 };
  const test = golden.test_cfg ?? model.test_cfg;
  return gfl({
    backbone: buildBackbone(model.backbone),
    neck: buildNeck(model.neck),
    head: version === 1 ? gflHead(options) : gflV2Head({ ...options, quality }),
    anchors: anchorsOf(head),
    assigner: assignerOptions(golden),
    loss: { ...lossOptions(head), weightEpsilon: epsilon },
    detect: {
      scoreThreshold: test.score_thr,
      iouThreshold: test.nms.iou_threshold,
      perLevel: test.nms_pre,
      perImage: test.max_per_img,
    },
    keepBackground: true,
  });
}

export function assignerOptions({ train_cfg }: MmConfig) {
  const { type, topk, ignore_iof_thr = -1 } = train_cfg.assigner;
  ofType("assigner", type, ["ATSSAssigner"]);
  return { topk, ignoreIofThreshold: ignore_iof_thr };
}

function lossOptions({ loss_cls, loss_bbox, loss_dfl }: MmConfig): Partial<GflLossOptions> {
  ofType("loss_bbox", loss_bbox.type, Object.keys(boxLosses));
  return {
    beta: loss_cls.beta ?? 2,
    classWeight: loss_cls.loss_weight ?? 1,
    boxWeight: loss_bbox.loss_weight ?? 1,
    boxLoss: boxLosses[loss_bbox.type as keyof typeof boxLosses],
    distributionWeight: loss_dfl.loss_weight ?? 1,
  };
}
