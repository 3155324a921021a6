import { random as createRandom } from "@lad/core";
import type { Backbone } from "./backbone";
import { res2netBlock } from "./res2net-block";
import { residualNetwork } from "./residual-network";
import { blockCounts, deformableAt, type ResidualOptions } from "./residual-options";
import { deepStem } from "./stems";

export type Res2netOptions = ResidualOptions<50 | 101> & {
  /** Splits of a block's channels. Default 4. */
  readonly scales?: number;
  /** Channels of a split in the first stage. Default 26. */
  readonly baseWidth?: number;
};

/**
 * Res2Net v1d (arXiv 1904.01169), by default 26w×4s: bottlenecks of splits, a stem of three 3×3 convolutions, shortcuts that pool averages. Parameters as mmdet's.
 * @throws {LadError} INVALID_ARGUMENT for a depth that does not exist.
 */
export function res2net({
  depth,
  baseChannels = 64,
  stemChannels = baseChannels,
  scales = 4,
  baseWidth = 26,
  frozenStages = -1,
  statistics = "batch",
  deformable,
  random = createRandom(0),
}: Res2netOptions): Backbone {
  const counts = blockCounts("res2net", depth, deformable, [50, 101]);
  return residualNetwork({
    ...{ counts, stemChannels, baseChannels, frozenStages },
    stem: deepStem({ channels: stemChannels, statistics, random }),
    block: ({ stage, ...place }) => {
      const split = Math.floor(place.width * (baseWidth / baseChannels));
      const how = deformableAt(deformable, stage);
      return res2netBlock({ ...place, ...{ scales, split, statistics, lastScale: 0, random }, deformable: how });
    },
  });
}
