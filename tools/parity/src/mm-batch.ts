import { type ImageSizes, type NdArray, ndArray } from "@lad/core";
import type { Batch } from "@lad/tensor";
import type { GoldenCase } from "./golden-case";
import { toNhwc } from "./layout";

/** The batch of an mm-style case: `in.image`, `in.gt_boxes.<i>`, `in.gt_labels.<i>`, `in.gt_ignore.<i>`. */
export function mmBatch(golden: GoldenCase): Batch {
  const images = toNhwc(golden.take("in.image"));
  const count = images.shape[0];
  const sizesOf = (name: string, fallback: readonly (readonly number[])[] | undefined) => {
    const tensor = golden.has(name) ? golden.take(name) : undefined;
    return Array.from({ length: count }, (_, i) => {
      const [height, width] = tensor ? [tensor.data[i * 2]!, tensor.data[i * 2 + 1]!] : fallback![i]!;
      return { height: height!, width: width! };
    });
  };
  const { img_shapes, pad_shapes, img_metas } = golden.config;
  const meta = (name: "img_shape" | "pad_shape") => img_metas?.map((entry: Record<string, number[]>) => entry[name]);
  const image = sizesOf("in.img_shape", img_shapes ?? meta("img_shape"));
  const padded = sizesOf("in.pad_shape", pad_shapes ?? meta("pad_shape"));
  const boxesOf = (name: string): NdArray => {
    if (!golden.has(name)) return ndArray(new Float32Array(0), [0, 4]);
    const { data } = golden.take(name);
    return ndArray(Float32Array.from(data), [data.length / 4, 4]);
  };
  const indices = Array.from({ length: count }, (_, i) => i);
  return {
    ids: indices.map(String),
    images,
    sizes: indices.map(
      (i): ImageSizes => ({ image: image[i]!, padded: padded[i]!, original: image[i]!, scale: [1, 1], flipped: false }),
    ),
    boxes: indices.map((i) => boxesOf(`in.gt_boxes.${i}`)),
    labels: indices.map((i) =>
      golden.has(`in.gt_labels.${i}`) ? Int32Array.from(golden.take(`in.gt_labels.${i}`).data) : new Int32Array(0),
    ),
    ignoreBoxes: indices.map((i) => boxesOf(`in.gt_ignore.${i}`)),
  };
}
