import { random as createRandom } from "@lad/core";
import type { Backbone } from "./backbone";
import { bottleneckBlock } from "./residual-block";
import { residualNetwork } from "./residual-network";
import { blockCounts, deformableAt, type ResidualOptions } from "./residual-options";
import { plainStem } from "./stems";

export type ResnextOptions = ResidualOptions<50 | 101> & {
  /** Groups of the 3×3 convolutions. Default 32. */
  readonly groups?: number;
  /** Channels of each group in the first stage. Default 4. */
  readonly baseWidth?: number;
};

/**
 * ResNeXt (arXiv 1611.05431), by default 32×4d: a ResNet whose 3×3 convolutions have groups and floor(width · baseWidth / baseChannels) · groups channels.
 * Parameters as torchvision's and mmdet's.
 * @throws {LadError} INVALID_ARGUMENT for a depth that does not exist.
 */
export function resnext({
  depth,
  baseChannels = 64,
  stemChannels = baseChannels,
  groups = 32,
  baseWidth = 4,
  frozenStages = -1,
  statistics = "batch",
  deformable,
  random = createRandom(0),
}: ResnextOptions): Backbone {
  const shape = { style: "pytorch", statistics, lastScale: 0, groups, random } as const;
  return residualNetwork({
    stem: plainStem({ channels: stemChannels, statistics, random }),
    counts: blockCounts("resnext", depth, deformable, [50, 101]),
    ...{ stemChannels, baseChannels, frozenStages },
    block({ stage, first: _, ...place }) {
      const inner = Math.floor(place.width * (baseWidth / baseChannels)) * groups;
      return bottleneckBlock({ ...place, ...shape, inner, deformable: deformableAt(deformable, stage) });
    },
  });
}
