import { type Detections, type NdArray, ndArray } from "@lad/core";

/** Rows `indices` of `detections`, copied. */
export function gatherDetections(detections: Detections, indices: Int32Array): Detections {
  return {
    boxes: gatherBoxes(detections.boxes, indices),
    scores: Float32Array.from(indices, (index) => detections.scores[index]!),
    labels: indices.map((index) => detections.labels[index]!),
  };
}

/** Rows `indices` of `boxes`, copied. */
export function gatherBoxes(boxes: NdArray, indices: Int32Array): NdArray {
  const out = new Float32Array(indices.length * 4);
  for (let row = 0; row < indices.length; row++) {
    const from = indices[row]! * 4;
    for (let side = 0; side < 4; side++) out[row * 4 + side] = boxes.data[from + side]!;
  }
  return ndArray(out, [indices.length, 4]);
}
