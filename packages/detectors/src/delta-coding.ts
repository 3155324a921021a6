import { type DeltaCoder, decodeDeltas } from "@lad/boxes";
import { ndArray } from "@lad/core";
import { decodeBoxes } from "@lad/nn";
import * as tf from "@tensorflow/tfjs-core";
import type { BoxCoding } from "./box-coding";
import { anchorRows, boxesAt } from "./dense-rows";

/** Boxes told by deltas (dx, dy, dw, dh) of their anchors. */
export function deltaCoding(coder: DeltaCoder): BoxCoding {
  return {
    numbers: 4,
    align: (outputs, rows, boxes, { anchors }) => ({
      predicted: decodeBoxes(anchorRows(anchors, rows), outputs, coder),
      wanted: tf.tensor2d(boxesAt(boxes, rows), [rows.length, 4]),
    }),
    decode: (outputs, { anchors }) => decodeBoxes(tf.tensor2d(anchors.data, [anchors.shape[0]!, 4]), outputs, coder),
    decodeHost: (outputs, chosen, { anchors }, clip) =>
      decodeDeltas(ndArray(boxesAt(anchors.data, chosen), [chosen.length, 4]), outputs, { ...coder, clip }),
  };
}
