import { featureSizes, gridAnchors } from "@lad/boxes";
import { type Assignment, type Batch, LadError, type NdArray } from "@lad/core";
import { type AnyDetector, createTape } from "@lad/tensor";
import * as tf from "@tensorflow/tfjs-core";
import type { Mark } from "../draw/draw-panels";
import { boxOf } from "../draw/marks";

/** An anchor that a network means for an object. */
export type AssignedAnchor = {
  /** Place among the image's anchors. */
  readonly anchor: number;
  /** Level, 0 = finest. */
  readonly level: number;
  /** xyxy px of the resized image. */
  readonly box: Mark["box"];
  /** Ground truth it is meant for. */
  readonly gt: number;
  /** What the network lets it cost, where it assigns by costs. */
  readonly cost?: number;
};

export type NetworkAssignment = {
  /** Strides of the levels, px, fine to coarse. */
  readonly strides: readonly number[];
  /** What enters the mixtures, if the detector says: the cheapest candidates of every level. */
  readonly before?: readonly AssignedAnchor[];
  /** What it calls positive. */
  readonly after: readonly AssignedAnchor[];
};

/**
 * What a detector would have a student learn from an image: a batch of one, on the host.
 * @throws {LadError} UNSUPPORTED for a detector without an anchor grid.
 */
export async function networkAssignment(detector: AnyDetector, batch: Batch<NdArray>): Promise<NetworkAssignment> {
  const { anchors: grid, name } = detector;
  if (!grid)
    throw new LadError("UNSUPPORTED", `networkAssignment: detector ${name} has no anchor grid that could be drawn`);
  const [, height, width] = batch.images.shape as [number, number, number, number];
  const levels = gridAnchors(grid, featureSizes({ height, width }, grid.strides));
  const places = levels.flatMap(({ data, shape }, level) =>
    Array.from({ length: shape[0]! }, (_, index) => ({ level, box: boxOf({ data }, index) })),
  );
  const assignment = await assignmentOf(detector, batch);
  const { costs, pool } = mixtureParts(assignment);
  const described = (anchor: number, gt: number): AssignedAnchor => {
    const cost = costs.get(anchor);
    return { anchor, gt, ...places[anchor]!, ...(cost !== undefined && { cost }) };
  };
  return {
    strides: grid.strides,
    ...(pool && { before: pool.map(([anchor, gt]) => described(anchor, gt)) }),
    after: [...assignment.matchedGt].flatMap((gt, anchor) => (gt >= 0 ? [described(anchor, gt)] : [])),
  };
}

async function assignmentOf(detector: AnyDetector, batch: Batch<NdArray>): Promise<Assignment> {
  const tape = createTape();
  try {
    const { images, out } = tape.noGrad(() => {
      const tensor = tf.tensor4d(batch.images.data, batch.images.shape as [number, number, number, number]);
      return { images: tensor, out: detector.predict(detector.features(tensor, "eval")) };
    });
    return await detector.assign(out, { ...batch, images });
  } finally {
    tape.end();
  }
}

type Mixture = { readonly gt: number; readonly anchors: Int32Array; readonly costs: ArrayLike<number> };

/** Costs by anchor and the pools of the first image, if the assignment tells of its mixtures as `assignPaa` does. */
function mixtureParts(assignment: Assignment & { readonly mixtures?: readonly (readonly Mixture[])[] }) {
  const costs = new Map<number, number>();
  const [mixtures] = assignment.mixtures ?? [];
  for (const { anchors, costs: values } of mixtures ?? [])
    anchors.forEach((anchor, rank) => {
      costs.set(anchor, values[rank]!);
    });
  const pool = mixtures?.flatMap(({ gt, anchors }) => Array.from(anchors, (anchor) => [anchor, gt] as const));
  return { costs, pool };
}
