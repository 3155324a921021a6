import { LadError, type NdArray, type Size } from "@lad/core";
import type * as tf from "@tensorflow/tfjs-core";
import { checkInteger, checkRank } from "./check";
import { poolRois } from "./pool-rois";
import { type RoiExtent, roiTaps } from "./roi-taps";

export type RoiAlignOptions = {
  /** Bins of the output. */
  readonly size: Size;
  /** Samples of a bin along each axis; 0: adaptive, as many as the bin has cells, rounded up. */
  readonly samplingRatio?: number;
  /** Boxes are shifted by half a cell, so that cell centres match pixel centres; without it boxes are at least a cell wide (Fast R-CNN of old). */
  readonly aligned?: boolean;
};

/**
 * ROIAlign: the average of bilinear samples in each bin of each box. Samples beyond a cell outside of the map are 0, others outside are those of its edge.
 * Differentiable in the maps; boxes are on the host and constants. Boxes turned inside out average nothing: 0.
 * Follows detectron2 0.3 and torchvision `roi_align`.
 * @param maps one or more `[B, H, W, C]`, a level each.
 * @param scales cells per px of each map, `1 / stride`.
 * @param boxes `[N, 4]` xyxy px. N may be 0.
 * @param images `[N]` index of each box's image in the batch.
 * @param levels `[N]` index of the map each box is pooled from; all from the first if left out. `roiLevels` chooses them.
 * @returns `[N, size.height, size.width, C]`, in the boxes' order.
 * @throws {LadError} SHAPE_MISMATCH for wrong shapes, INVALID_ARGUMENT for boxes that are not finite and indices or options out of range.
 * @see arXiv:1703.06870 sec. 3
 */
export function roiAlign(
  maps: readonly tf.Tensor4D[],
  scales: readonly number[],
  { boxes, images, levels = new Int32Array(images.length) }: RoiBoxes,
  { size, samplingRatio = 0, aligned = true }: RoiAlignOptions,
): tf.Tensor4D {
  checkMaps(maps, scales);
  checkInteger("roiAlign", "size.height", size.height, 1);
  checkInteger("roiAlign", "size.width", size.width, 1);
  checkInteger("roiAlign", "samplingRatio", samplingRatio, 0);
  checkBoxes({ boxes, images, levels }, maps.length, maps[0]!.shape[0]);
  const sampling = { samplingRatio, aligned };
  /** Axis 0: y, 1: x. */
  const extents = (axis: 0 | 1): RoiExtent[] =>
    Array.from(levels, (level, box) => ({
      from: boxes.data[4 * box + 1 - axis]!,
      to: boxes.data[4 * box + 3 - axis]!,
      scale: scales[level]!,
      cells: maps[level]!.shape[axis + 1]!,
    }));
  return poolRois(maps, {
    levels: levels.slice(),
    images: images.slice(),
    rows: roiTaps(extents(0), size.height, sampling),
    columns: roiTaps(extents(1), size.width, sampling),
    ...size,
  });
}

/** Boxes of a batch. */
export type RoiBoxes = {
  readonly boxes: NdArray;
  readonly images: Int32Array;
  readonly levels?: Int32Array;
};

function checkMaps(maps: readonly tf.Tensor4D[], scales: readonly number[]): void {
  const wrong = maps.length === 0 || maps.length !== scales.length;
  if (wrong)
    throw new LadError(
      "SHAPE_MISMATCH",
      `roiAlign: wanted at least one map and as many scales, got ${maps.length} and ${scales.length}`,
    );
  for (const [level, map] of maps.entries()) {
    checkRank("roiAlign", `map ${level}`, map, 4, "[B, H, W, C]");
    const [batch, height, width, channels] = map.shape;
    if (batch !== maps[0]!.shape[0] || channels !== maps[0]!.shape[3] || height * width === 0)
      throw new LadError(
        "SHAPE_MISMATCH",
        `roiAlign: maps must share batch and channels and have cells, got [${maps.map(({ shape }) => `[${shape}]`)}]`,
      );
    if (!(scales[level]! > 0))
      throw new LadError("INVALID_ARGUMENT", `roiAlign: scales must be greater than 0, got [${scales}]`);
  }
}

function checkBoxes({ boxes, images, levels }: Required<RoiBoxes>, maps: number, batch: number): void {
  const { shape, data } = boxes;
  if (shape.length !== 2 || shape[1] !== 4 || images.length !== shape[0] || levels.length !== shape[0])
    throw new LadError(
      "SHAPE_MISMATCH",
      `roiAlign: boxes must be [N, 4] with N images and levels, got [${shape}], ${images.length} and ${levels.length}`,
    );
  for (const [name, indices, count] of [
    ["images", images, batch],
    ["levels", levels, maps],
  ] as const) {
    const wrong = indices.find((index) => index < 0 || index >= count);
    if (wrong !== undefined)
      throw new LadError("INVALID_ARGUMENT", `roiAlign: ${name} must lie in [0, ${count}), got ${wrong}`);
  }
  const odd = data.findIndex((value) => !Number.isFinite(value));
  if (odd >= 0)
    throw new LadError("INVALID_ARGUMENT", `roiAlign: box ${Math.floor(odd / 4)} has a coordinate of ${data[odd]}`);
}
