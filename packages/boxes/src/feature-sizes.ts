import type { Size } from "@lad/core";

/**
 * Cells of every pyramid level over a batch: ceil(side / stride), what a chain of padded stride-2 convolutions leaves.
 * @param padded size of the batch's images, px. @param strides px per cell, fine to coarse.
 */
export function featureSizes(padded: Size, strides: readonly number[]): Size[] {
  return strides.map((stride) => ({
    height: Math.ceil(padded.height / stride),
    width: Math.ceil(padded.width / stride),
  }));
}
