import { LadError } from "@lad/core";
import * as tf from "@tensorflow/tfjs-core";

/**
 * Joins the levels of a dense head into one list of anchors per image: fine to coarse as given, inside a level rows y, then x, then the anchors of a cell.
 * @param maps One `[B, H, W, A·K]` per level.
 * @param channels K: values per anchor.
 * @returns `[B, ΣH·W·A, K]`.
 * @throws {LadError} SHAPE_MISMATCH if batches differ or K does not divide the channels, INVALID_ARGUMENT without maps.
 */
export function flattenLevels(maps: readonly tf.Tensor4D[], channels: number): tf.Tensor3D {
  const batch = maps[0]?.shape[0];
  if (batch === undefined)
    throw new LadError("INVALID_ARGUMENT", "flattenLevels: at least one map is wanted, got none");
  for (const [level, { shape }] of maps.entries()) {
    if (shape.length !== 4 || shape[0] !== batch || shape[3] % channels !== 0) {
      throw new LadError(
        "SHAPE_MISMATCH",
        `flattenLevels: map ${level} must be [${batch}, H, W, a multiple of ${channels}], got [${shape}]`,
      );
    }
  }
  return tf.tidy(() => {
    const flat = maps.map((map) => tf.reshape(map, [batch, map.size / (batch * channels), channels]) as tf.Tensor3D);
    return flat.length === 1 ? flat[0]! : tf.concat(flat, 1);
  });
}
