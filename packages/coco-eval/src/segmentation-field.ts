import { type ByteBuffer, byteBuffer } from "./byte-buffer";
import { feedSegmentation } from "./feed-segmentation";
import { type JsonCursor, peekByte } from "./json-cursor";
import { type NumberColumn, numberColumn } from "./number-column";
import type { FieldReader } from "./record-sink";
import { scanSegmentation } from "./scan-segmentation";

/** What a record's `segmentation` holds; `store-segmentation` makes a mask of it. */
export type Segmentation = {
  kind: "none" | "unusable" | "compressed" | "counts" | "polygons";
  /** Counts, or the points of all polygons, x, y, x, y … */
  readonly numbers: NumberColumn;
  /** Where each polygon ends in `numbers`. */
  readonly ends: NumberColumn;
  /** Height and width that came with the counts, if they did. */
  readonly size: Float64Array;
  hasSize: boolean;
  readonly compressed: ByteBuffer;
};

/** A value that is a mask: compressed or plain counts with their size, or polygons. */
export type SegmentationField = FieldReader & { readonly value: Segmentation };

/** Makes the reader of masks. */
export function segmentationField(): SegmentationField {
  const value: Segmentation = {
    kind: "none",
    numbers: numberColumn(),
    ends: numberColumn(),
    size: new Float64Array(2),
    hasSize: false,
    compressed: byteBuffer(),
  };
  const clear = () => {
    value.kind = "none";
    value.hasSize = false;
    value.compressed.length = 0;
    value.numbers.clear();
    value.ends.clear();
  };
  return {
    value,
    clear,
    scan: (cursor: JsonCursor) => {
      clear();
      peekByte(cursor);
      scanSegmentation(cursor, value);
    },
    feed: (given) => {
      clear();
      feedSegmentation(given, value);
    },
  };
}
