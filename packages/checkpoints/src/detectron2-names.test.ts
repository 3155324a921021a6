import { existsSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { type NdRecord, ndArray } from "@lad/core";
import { describe, expect, it } from "vitest";
import { fromDetectron2Names, isDetectron2, loadSafetensors } from "./index";

/** Of so many axes, a value in it. */
const tensor = (rank: number, value = 0) => ndArray(Float32Array.of(value), new Array<number>(rank).fill(1));
const record = (...names: string[]): NdRecord => Object.fromEntries(names.map((name, i) => [name, tensor(1, i)]));
const pairs = {
  "raw_backbone.stem.conv1.weight": "backbone.conv1.weight",
  "raw_backbone.stem.conv1.norm.running_var": "backbone.bn1.running_var",
  "raw_backbone.res2.0.conv1.weight": "backbone.layer1.0.conv1.weight",
  "raw_backbone.res5.2.conv3.norm.bias": "backbone.layer4.2.bn3.bias",
  "raw_backbone.res3.0.shortcut.weight": "backbone.layer2.0.downsample.0.weight",
  "raw_backbone.res3.0.shortcut.norm.weight": "backbone.layer2.0.downsample.1.weight",
  "raw_backbone.res4.1.conv2_offset.bias": "backbone.layer3.1.conv2.conv_offset.bias",
  "raw_backbone.layers.0.blocks.1.attn.qkv.weight": "backbone.layers.0.blocks.1.attn.qkv.weight",
  "fpn.fpn_lateral3.weight": "neck.lateral_convs.0.conv.weight",
  "fpn.fpn_lateral5.bias": "neck.lateral_convs.2.conv.bias",
  "fpn.fpn_lateral4.bias": "neck.lateral_convs.1.conv.bias",
  "fpn.fpn_output4.weight": "neck.fpn_convs.1.conv.weight",
  "fpn.top_block.p6.weight": "neck.fpn_convs.3.conv.weight",
  "fpn.top_block.p7.weight": "neck.fpn_convs.4.conv.weight",
  "proposal_generator.rpn_head.conv.weight": "rpn_head.rpn_conv.weight",
  "proposal_generator.rpn_head.objectness_logits.bias": "rpn_head.rpn_cls.bias",
  "proposal_generator.rpn_head.anchor_deltas.bias": "rpn_head.rpn_reg.bias",
  "roi_heads.box_head.fc2.weight": "roi_head.bbox_head.shared_fcs.1.weight",
  "roi_heads.box_predictor.cls_score.weight": "roi_head.bbox_head.fc_cls.weight",
  "roi_heads.box_predictor.bbox_pred.weight": "roi_head.bbox_head.fc_reg.weight",
  "roi_heads.mask_head.mask_fcn4.weight": "roi_head.mask_head.convs.3.conv.weight",
  "roi_heads.mask_head.deconv.weight": "roi_head.mask_head.upsample.weight",
  "roi_heads.mask_head.predictor.bias": "roi_head.mask_head.conv_logits.bias",
  "teacher.multi_head_attn.in_proj_weight": "teacher.multi_head_attn.in_proj_weight",
};

describe("fromDetectron2Names", () => {
  it("gives every part the name that torchvision and mmdetection have for it", () => {
    const { tensors, renamed, skipped } = fromDetectron2Names(record(...Object.keys(pairs)));
    expect(Object.keys(tensors)).toEqual(Object.values(pairs));
    expect(renamed.get("raw_backbone.stem.conv1.weight")).toBe("backbone.conv1.weight");
    expect(renamed.has("teacher.multi_head_attn.in_proj_weight")).toBe(false);
    expect(skipped).toEqual([]);
    expect(tensors["neck.fpn_convs.4.conv.weight"]!.data[0]).toBe(
      Object.keys(pairs).indexOf("fpn.top_block.p7.weight"),
    );
  });

  it("knows detectron2's own prefixes, and a classifier's file without any", () => {
    const own = record(
      "backbone.bottom_up.res2.0.conv1.weight",
      "backbone.fpn_lateral2.weight",
      "backbone.fpn_output2.weight",
    );
    expect(Object.keys(fromDetectron2Names(own).tensors)).toEqual([
      "backbone.layer1.0.conv1.weight",
      "neck.lateral_convs.0.conv.weight",
      "neck.fpn_convs.0.conv.weight",
    ]);
    const classifier = record("stem.conv1.norm.weight", "res2.0.shortcut.weight", "stem.fc.weight");
    expect(Object.keys(fromDetectron2Names(classifier).tensors)).toEqual([
      "bn1.weight",
      "layer1.0.downsample.0.weight",
      "fc.weight",
    ]);
  });

  it("counts the layers of towers, whatever lies between them", () => {
    const towers: NdRecord = {
      "head.cls_subnet.0.weight": tensor(4),
      "head.cls_subnet.0.bias": tensor(1),
      "head.cls_subnet.2.weight": tensor(4),
      "head.bbox_subnet.0.weight": tensor(4),
      "head.bbox_subnet.1.weight": tensor(1),
      "head.bbox_subnet.3.weight": tensor(4),
      "head.bbox_subnet.4.running_mean": tensor(1),
      "head.bbox_subnet.4.weight": tensor(1),
    };
    expect(Object.keys(fromDetectron2Names(towers).tensors)).toEqual([
      "bbox_head.cls_convs.0.conv.weight",
      "bbox_head.cls_convs.0.conv.bias",
      "bbox_head.cls_convs.1.conv.weight",
      "bbox_head.reg_convs.0.conv.weight",
      "bbox_head.reg_convs.0.gn.weight",
      "bbox_head.reg_convs.1.conv.weight",
      "bbox_head.reg_convs.1.bn.running_mean",
      "bbox_head.reg_convs.1.bn.weight",
    ]);
  });

  it("names predictors after the head: RetinaNet's, with a centre-ness FCOS's, or as asked", () => {
    const predictors = ["head.cls_score.weight", "head.bbox_pred.weight"];
    const named = (names: readonly string[], options = {}) =>
      Object.keys(fromDetectron2Names(record(...names), options).tensors);
    expect(named(predictors)).toEqual(["bbox_head.retina_cls.weight", "bbox_head.retina_reg.weight"]);
    expect(named([...predictors, "head.centerness.weight", "head.scales.1.scale"])).toEqual([
      "bbox_head.conv_cls.weight",
      "bbox_head.conv_reg.weight",
      "bbox_head.conv_centerness.weight",
      "bbox_head.scales.1.scale",
    ]);
    expect(named(predictors, { head: "atss" })[0]).toBe("bbox_head.atss_cls.weight");
  });

  it("takes LGD's twice stored pyramid once, refuses two values of one name, leaves out what is no parameter", () => {
    const twice = { "student.fpn.fpn_lateral3.bias": tensor(1, 7), "student.backbone.fpn_lateral3.bias": tensor(1, 7) };
    const constants = record("pixel_mean", "anchor_generator.cell_anchors.0");
    const { tensors, skipped } = fromDetectron2Names({ ...twice, ...constants });
    expect(Object.keys(tensors)).toEqual(["neck.lateral_convs.0.conv.bias"]);
    expect(skipped).toEqual(Object.keys(constants));
    expect(() => fromDetectron2Names({ ...twice, "student.backbone.fpn_lateral3.bias": tensor(1, 8) })).toThrow(
      "student.backbone.fpn_lateral3.bias and another entry are both neck.lateral_convs.0.conv.bias",
    );
  });

  it("recognises the world by its stages and pyramid", () => {
    expect(isDetectron2(Object.keys(pairs))).toBe(true);
    expect(isDetectron2(["res2.0.conv1.weight"])).toBe(true);
    expect(isDetectron2(Object.values(pairs))).toBe(false);
    expect(isDetectron2([])).toBe(false);
  });
});

const golden = process.env.LAD_GOLDEN ?? fileURLToPath(new URL("../../../../shared/golden", import.meta.url));
const families = ["retinanet", "fcos", "faster_rcnn", "mask_rcnn", "lgd_atss", "lgd_mask_rcnn"];
describe.runIf(existsSync(join(golden, "fcos")))("golden detectors of detectron2", () => {
  it.each(families)("%s: every parameter of the student gets a name of ours, no two the same", async (family) => {
    const file = readdirSync(join(golden, family)).find((name) => name.endsWith(".safetensors"))!;
    const { tensors } = await loadSafetensors(join(golden, family, file));
    const params = Object.entries(tensors).flatMap(([name, array]) =>
      /^param\.(?!teacher|adapter)/.test(name) ? [[name.slice("param.".length), array] as const] : [],
    );
    const names = Object.keys(fromDetectron2Names(Object.fromEntries(params)).tensors);
    expect(names).toHaveLength(params.length);
    for (const name of names) {
      expect(name).toMatch(/^(backbone\.|neck\.|bbox_head\.|rpn_head\.|roi_head\.)/);
      expect(name).not.toMatch(
        /res[2-5]|shortcut|conv\d\.norm|subnet|fpn_(lateral|output)|box_predictor|cls_score|bbox_pred/,
      );
    }
  });
});
