import { type DeltaCoder, decodeDeltas } from "@lad/boxes";
import { type Detections, type ImageSizes, type NdArray, ndArray, type TypedArray } from "@lad/core";
import { multiclassNms, scoreVoting } from "@lad/nms";
import { borrowAll, type DetectOptions } from "@lad/tensor";
import type * as tf from "@tensorflow/tfjs-core";
import { bestAnchors } from "./best-anchors";
import type { GridAnchors } from "./dense-grid";

export type DenseOutputs = {
  /** Class logits or probabilities `[B, A, C]`. */
  readonly classes: tf.Tensor3D;
  readonly form: "logits" | "probabilities";
  /** Logit of the box quality `[B, A, 1]`; the score is then sqrt(class · quality). */
  readonly quality?: tf.Tensor3D;
  /** Box deltas `[B, A, 4]`. */
  readonly deltas: tf.Tensor3D;
};

export type DenseDetectionOptions = GridAnchors &
  Required<DetectOptions> & { readonly sizes: readonly ImageSizes[]; readonly coder: DeltaCoder };

/**
 * Detections of a dense detector, image by image, on the host: the best `perLevel` anchors of every level by their best class score, boxes
 * decoded and clipped to the image, rescaled, class-wise suppression above `scoreThreshold`, then score voting. Follows mmdet 2.10's PAAHead.
 */
export async function denseDetections(outputs: DenseOutputs, options: DenseDetectionOptions): Promise<Detections[]> {
  const classes = outputs.classes.shape[2];
  return borrowAll(
    [outputs.classes, outputs.deltas, ...(outputs.quality ? [outputs.quality] : [])],
    ([classOutputs, deltas, quality]) =>
      options.sizes.map((sizes, image) => {
        const count = options.anchors.shape[0]!;
        const of = (values: TypedArray, channels: number) =>
          values.subarray(image * count * channels, (image + 1) * count * channels);
        const { rows, scores } = bestAnchors({
          outputs: of(classOutputs!, classes),
          form: outputs.form,
          ...(quality && { quality: of(quality, 1) }),
          classes,
          levelSizes: options.levelSizes,
          perLevel: options.perLevel,
        });
        const boxes = decodeDeltas(rowsOf(options.anchors.data, rows), rowsOf(of(deltas!, 4), rows), {
          ...options.coder,
          clip: sizes.image,
        });
        return suppressed(options.rescale ? toOriginal(boxes, sizes) : boxes, scores, options);
      }),
  );
}

function suppressed(
  boxes: NdArray,
  scores: NdArray,
  { scoreThreshold, iouThreshold, perImage, voting }: DenseDetectionOptions,
): Detections {
  const { detections, candidates, kept } = multiclassNms(boxes, scores, { scoreThreshold, iouThreshold, perImage });
  return voting ? scoreVoting(kept, candidates) : detections;
}

function rowsOf(values: TypedArray, rows: Int32Array): NdArray {
  const picked = new Float32Array(rows.length * 4);
  rows.forEach((row, index) => {
    picked.set(values.subarray(row * 4, row * 4 + 4), index * 4);
  });
  return ndArray(picked, [rows.length, 4]);
}

/** Divides boxes by the image's scale, in float32 as the reference. */
function toOriginal({ data, shape }: NdArray, { scale }: ImageSizes): NdArray {
  const [x, y] = [Math.fround(scale[0]), Math.fround(scale[1])];
  return { data: data.map((value, index) => value / (index & 1 ? y : x)), shape };
}
