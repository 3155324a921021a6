import { LadError } from "@lad/core";
import type * as tf from "@tensorflow/tfjs-core";

export function checkRank(who: string, name: string, tensor: tf.Tensor, rank: number, wanted: string): void {
  if (tensor.rank !== rank)
    throw new LadError("SHAPE_MISMATCH", `${who}: ${name} must be ${wanted}, got shape [${tensor.shape}]`);
}

/** Per-channel vectors must be `[C]`. */
export function checkChannels(who: string, channels: number, vectors: Readonly<Record<string, tf.Tensor>>): void {
  for (const [name, { shape }] of Object.entries(vectors)) {
    if (shape.length !== 1 || shape[0] !== channels)
      throw new LadError("SHAPE_MISMATCH", `${who}: ${name} must be [${channels}] as x has channels, got [${shape}]`);
  }
}

export function checkInteger(who: string, name: string, value: number, least: number): void {
  if (!Number.isInteger(value) || value < least)
    throw new LadError("INVALID_ARGUMENT", `${who}: ${name} must be an integer of at least ${least}, got ${value}`);
}
