import { LadError, type Random } from "@lad/core";
import type { Deformable, NormStatistics } from "./normed-conv";

/** What all backbones of the ResNet family are told. */
export type ResidualOptions<Depth extends number> = {
  readonly depth: Depth;
  /** Width of the first stage. */
  readonly baseChannels?: number;
  /** Width of the stem; default that of the first stage. */
  readonly stemChannels?: number;
  /** -1: all is trained; 0: the stem is frozen; n: the stem and the first n stages. Frozen batch norms use stored statistics. */
  readonly frozenStages?: number;
  /** Batch norm in mode `train`: `batch` statistics, or `stored` ones as fine-tuning from ImageNet weights wants (mmdet's `norm_eval`). */
  readonly statistics?: NormStatistics;
  /** Stages (1…4, as in `layer1`) whose 3×3 convolutions are deformable, and how; of bottlenecks only. Default none. */
  readonly deformable?: Deformable & { readonly stages: readonly number[] };
  readonly random?: Random;
};

const blocksPerStage: Readonly<Record<number, readonly number[]>> = {
  18: [2, 2, 2, 2],
  34: [3, 4, 6, 3],
  50: [3, 4, 6, 3],
  101: [3, 4, 23, 3],
};

/**
 * Blocks of each stage.
 * @throws {LadError} INVALID_ARGUMENT, in the backbone's name, for a depth that it does not have or stages that do not exist.
 */
export function blockCounts(
  backbone: string,
  depth: number,
  deformable: ResidualOptions<number>["deformable"],
  depths: readonly number[],
): readonly number[] {
  const counts = depths.includes(depth) ? blocksPerStage[depth] : undefined;
  if (!counts)
    throw new LadError("INVALID_ARGUMENT", `${backbone}: depth must be one of ${depths.join(",")}, got ${depth}`);
  const stages = deformable?.stages ?? [];
  if (!stages.every((stage) => [1, 2, 3, 4].includes(stage)))
    throw new LadError("INVALID_ARGUMENT", `${backbone}: deformable.stages must be among 1,2,3,4, got ${stages}`);
  if (stages.length > 0 && depth < 50)
    throw new LadError("INVALID_ARGUMENT", `${backbone}: depth ${depth} has no bottlenecks to make deformable`);
  return counts;
}

/** How the 3×3 convolutions of a stage deform; nothing if they do not. */
export function deformableAt(deformable: ResidualOptions<number>["deformable"], stage: number): Deformable | undefined {
  if (!deformable?.stages.includes(stage)) return undefined;
  const { stages: _, ...how } = deformable;
  return how;
}
