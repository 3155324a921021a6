import { featureSizes, gridAnchors } from "@lad/boxes";
import { type Assignment, LadError, type Size } from "@lad/core";
import {
  collate,
  type Dataset,
  type DatasetImage,
  decodeImage,
  type Pipeline,
  prepareSample,
  resizeCv2,
} from "@lad/data";
import { type AnyDetector, createTape } from "@lad/tensor";
import * as tf from "@tensorflow/tfjs-core";
import { colorOf } from "../draw/colors";
import { drawPanels, type Mark } from "../draw/draw-panels";
import { boxOf } from "../draw/marks";

export type Assigner = { readonly title: string; readonly detector: AnyDetector };

/**
 * One picture per network side by side: the anchors that it would call positive, in the colour of their object (dashed: the object).
 * @returns the bytes of a PNG, and how many positives each network has
 */
export async function anchorPicture(
  image: DatasetImage,
  { pipeline, assigners }: { readonly pipeline: Pipeline; readonly assigners: readonly Assigner[] },
): Promise<{ readonly png: Buffer; readonly positives: readonly number[] }> {
  const decoded = await decodeImage(image.file);
  const batch = collate([prepareSample(image, decoded, pipeline, undefined)]);
  const shown = resizeCv2(decoded, batch.sizes[0]!.image);
  const panels: { title: string; image: typeof shown; marks: Mark[] }[] = [];
  const positives: number[] = [];
  for (const { title, detector } of assigners) {
    const assignment = await assignmentOf(detector, batch);
    const marks = positiveAnchors(detector, assignment, batch.sizes[0]!.padded);
    positives.push(marks.length);
    const objects = Array.from(
      batch.labels[0]!,
      (_, gt): Mark => ({ box: boxOf(batch.boxes[0]!, gt), color: colorOf(gt), dashed: true }),
    );
    panels.push({ title: `${title}: ${marks.length} positive`, image: shown, marks: [...marks, ...objects] });
  }
  return { png: drawPanels(panels, { zoom: 2 }), positives };
}

async function assignmentOf(detector: AnyDetector, batch: ReturnType<typeof collate>): Promise<Assignment> {
  const tape = createTape();
  try {
    const { images, out } = tape.noGrad(() => {
      const tensor = tf.tensor4d(batch.images.data, batch.images.shape as [number, number, number, number]);
      return { images: tensor, out: detector.predict(detector.features(tensor, "eval")) };
    });
    return await detector.assign(out, { ...batch, images });
  } finally {
    tape.end();
  }
}

function positiveAnchors({ name, anchors: grid }: AnyDetector, { matchedGt }: Assignment, padded: Size): Mark[] {
  if (!grid) throw new LadError("UNSUPPORTED", `anchorPicture: detector ${name} has no anchor grid to draw`);
  const boxes = gridAnchors(grid, featureSizes(padded, grid.strides)).flatMap(({ data, shape }) =>
    Array.from({ length: shape[0]! }, (_, index) => boxOf({ data }, index)),
  );
  return boxes.flatMap((box, anchor) => (matchedGt[anchor]! >= 0 ? [{ box, color: colorOf(matchedGt[anchor]!) }] : []));
}

/** The images with the most objects: they show most. */
export function busiestImages({ images }: Dataset, count: number): DatasetImage[] {
  return [...images].sort((a, b) => b.labels.length - a.labels.length).slice(0, count);
}
