/** Fills `out[D, G]` with what two groups of rows have in common: IoU for boxes and masks. */
export type Similarity = (detectionRows: Int32Array, annotationRows: Int32Array, out: Float64Array) => void;

/**
 * IoU of xywh boxes as pycocotools computes it: intersection / union, of a crowd annotation intersection / detection area,
 * 0 without overlap. Widths are x + w, as given, without +1; the order of operations is the reference's, to the last bit.
 */
export function boxSimilarity(
  detectionBoxes: Float64Array,
  annotationBoxes: Float64Array,
  isCrowd: Uint8Array,
): Similarity {
  return (detectionRows, annotationRows, out) => {
    let at = 0;
    for (let i = 0; i < detectionRows.length; i++) {
      const d = 4 * detectionRows[i]!;
      const x = detectionBoxes[d]!;
      const y = detectionBoxes[d + 1]!;
      const area = detectionBoxes[d + 2]! * detectionBoxes[d + 3]!;
      const right = detectionBoxes[d + 2]! + x;
      const bottom = detectionBoxes[d + 3]! + y;
      for (let j = 0; j < annotationRows.length; j++) {
        const row = annotationRows[j]!;
        const g = 4 * row;
        const gx = annotationBoxes[g]!;
        const gy = annotationBoxes[g + 1]!;
        const gRight = annotationBoxes[g + 2]! + gx;
        const gBottom = annotationBoxes[g + 3]! + gy;
        const width = Math.min(right, gRight) - Math.max(x, gx);
        const height = Math.min(bottom, gBottom) - Math.max(y, gy);
        if (width <= 0 || height <= 0) {
          out[at++] = 0;
          continue;
        }
        const shared = width * height;
        const gArea = annotationBoxes[g + 2]! * annotationBoxes[g + 3]!;
        out[at++] = shared / (isCrowd[row] === 1 ? area : area + gArea - shared);
      }
    }
  };
}
