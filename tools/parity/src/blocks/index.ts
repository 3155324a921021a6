import { LadError } from "@lad/core";
import type { GoldenCase } from "../golden-case";
import type { Report } from "../report";
import { anchorsBlock } from "./anchors-block";
import { atssBlock } from "./atss-block";
import { backboneBlock } from "./backbone-block";
import { coderBlock } from "./coder-block";
import { dcnv2Block } from "./dcnv2-block";
import { deformConvBlock } from "./deform-conv-block";
import { fpnBlock } from "./fpn-block";
import { gflLossesBlock } from "./gfl-losses-block";
import { lossesBlock } from "./losses-block";
import { mixtureBlock } from "./mixture-block";
import { overlapsBlock } from "./overlaps-block";
import { roiAlignBlock } from "./roi-align-block";
import { roiPoolerBlock } from "./roi-pooler-block";

const blocks: Readonly<Record<string, (golden: GoldenCase, report: Report) => Promise<void> | void>> = {
  AnchorGenerator: anchorsBlock,
  DeltaXYWHBBoxCoder: coderBlock,
  FPN: fpnBlock,
  losses: lossesBlock,
  "two-component 1-D GMM": mixtureBlock,
  overlaps: overlapsBlock,
  ResNet: backboneBlock,
  atss: atssBlock,
  deform_conv: deformConvBlock,
  dcnv2_block: dcnv2Block,
  roi_align: roiAlignBlock,
  roi_pooler: roiPoolerBlock,
};

/** Families `blocks_…`: the small parts, by the case's `op`, or by its name without the number. @throws {LadError} UNSUPPORTED naming the part. */
export async function runBlock(golden: GoldenCase, report: Report): Promise<void> {
  const { op = golden.name.replace(/_(\d+|[a-z])$/, "") } = golden.config;
  const block = blockOf(golden, op);
  if (!block)
    throw new LadError(
      "UNSUPPORTED",
      `${golden.family}: ${op} is not supported (${Object.keys(blocks).join(", ")} are)`,
    );
  await block(golden, report);
}

function blockOf({ family, config }: GoldenCase, op: string): (typeof blocks)[string] | undefined {
  if (family === "blocks_gfl" && op === "losses") return gflLossesBlock;
  return blocks[op] ?? (config.backbone ? backboneBlock : undefined);
}
