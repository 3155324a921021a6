import { LadError } from "@lad/core";
import type { GoldenCase } from "../golden-case";
import type { Report } from "../report";
import { anchorsBlock } from "./anchors-block";
import { coderBlock } from "./coder-block";
import { fpnBlock } from "./fpn-block";
import { lossesBlock } from "./losses-block";
import { mixtureBlock } from "./mixture-block";
import { overlapsBlock } from "./overlaps-block";
import { resnetBlock } from "./resnet-block";

const blocks: Readonly<Record<string, (golden: GoldenCase, report: Report) => Promise<void> | void>> = {
  AnchorGenerator: anchorsBlock,
  DeltaXYWHBBoxCoder: coderBlock,
  FPN: fpnBlock,
  losses: lossesBlock,
  "two-component 1-D GMM": mixtureBlock,
  overlaps: overlapsBlock,
  ResNet: resnetBlock,
};

/** Family `blocks_paa`: the small parts, by the case's `op`. @throws {LadError} UNSUPPORTED naming the op. */
export async function runBlock(golden: GoldenCase, report: Report): Promise<void> {
  const block = blocks[golden.config.op];
  if (!block)
    throw new LadError(
      "UNSUPPORTED",
      `blocks_paa: op ${golden.config.op} is not supported (${Object.keys(blocks).join(", ")} are)`,
    );
  await block(golden, report);
}
