import { random as createRandom } from "@lad/core";
import type { Backbone } from "./backbone";
import { basicBlock, bottleneckBlock } from "./residual-block";
import { residualNetwork } from "./residual-network";
import { blockCounts, deformableAt, type ResidualOptions } from "./residual-options";
import { plainStem } from "./stems";

export type ResnetOptions = ResidualOptions<18 | 34 | 50 | 101> & {
  /** Where a bottleneck strides: its 3×3 (`pytorch`) or its first 1×1 (`caffe`). */
  readonly style?: "pytorch" | "caffe";
};

/**
 * ResNet (arXiv 1512.03385) with torchvision's parameter names; strides 4, 8, 16, 32. Initialised as mmdet does from scratch:
 * Kaiming fan-out normal, the last norm of every residual block 0.
 * @throws {LadError} INVALID_ARGUMENT for a depth that does not exist.
 */
export function resnet({
  depth,
  baseChannels = 64,
  stemChannels = baseChannels,
  style = "pytorch",
  frozenStages = -1,
  statistics = "batch",
  deformable,
  random = createRandom(0),
}: ResnetOptions): Backbone {
  const counts = blockCounts("resnet", depth, deformable, [18, 34, 50, 101]);
  const common = { style, statistics, lastScale: 0, random };
  return residualNetwork({
    stem: plainStem({ channels: stemChannels, statistics, random }),
    ...{ stemChannels, baseChannels, counts, frozenStages },
    block: ({ stage, first: _, ...place }) =>
      depth < 50
        ? basicBlock({ ...place, ...common })
        : bottleneckBlock({ ...place, ...common, deformable: deformableAt(deformable, stage) }),
  });
}
