import { type NdArray, ndArray, type TypedArray } from "@lad/core";
import { hardNms } from "@lad/nms";
import {
  type AnyDetector,
  type Batch,
  borrowAll,
  type HasBoxes,
  type HasClasses,
  type HasClassLogits,
} from "@lad/tensor";
import * as tf from "@tensorflow/tfjs-core";
import { type DetectorGrid, detectorGrid } from "./detector-grid";
import { joinedLevels } from "./level-rows";

export type GiOptions = {
  /** IoU above which the less telling of two instances is dropped. */
  readonly iouThreshold?: number;
  /** Instances a level, of the whole batch. */
  readonly perLevel?: number;
  /**
   * The teacher's score is its logit instead of the logit's sigmoid. That is what the LD repository does for GFocal V2, and the default for students that give
   * probabilities.
   */
  readonly rawTeacher?: boolean;
};

/** What is asked of a student, and of its teacher, to see where they differ. */
export type GiStudent<Out> = Pick<AnyDetector, "name" | "anchors"> & HasClasses<Out> & HasBoxes<Out>;
export type GiTeacher<Out> = HasClassLogits<Out> & HasBoxes<Out>;

/**
 * General instances (GI, arXiv 2103.02340 §3.1): where student and teacher differ most in a class score. Per level the anchors of the whole batch compete: score
 * = largest |teacher - student| over classes, box = the one's whose score is higher there, suppressed by IoU over all images at once. The teacher's score is the
 * sigmoid of its logits. Anchors in padding compete too. Follows the LD repository's `get_gi_region`.
 * @returns per level the chosen anchors as rows of that level's batch, image · (H·W·A) + anchor, best first.
 */
export async function giCells<Own, Out>(
  student: { readonly detector: GiStudent<Own>; readonly out: Own },
  teacher: { readonly detector: GiTeacher<Out>; readonly out: Out },
  batch: Batch,
  { iouThreshold = 0.3, perLevel = 10, rawTeacher = student.detector.classForm === "probabilities" }: GiOptions = {},
): Promise<Int32Array[]> {
  const grid = detectorGrid(student.detector, batch);
  const differences = tf.tidy(() => differencesOf(student, teacher, rawTeacher));
  try {
    return await borrowAll(differences, ([scores, boxes]) =>
      levelsOf(grid, batch.boxes.length).map((rows) => {
        const ofLevel = Float32Array.from(rows, (row) => scores![row]!);
        return hardNms(boxesAt(rows, boxes!), ofLevel, { iouThreshold, limit: perLevel });
      }),
    );
  } finally {
    tf.dispose(differences);
  }
}

/** How much the networks differ at every anchor, `[B, A]`, and the box of the one that is surer, `[B, A, 4]`. */
function differencesOf<Own, Out>(
  student: { readonly detector: GiStudent<Own>; readonly out: Own },
  teacher: { readonly detector: GiTeacher<Out>; readonly out: Out },
  rawTeacher: boolean,
): tf.Tensor[] {
  const classes = joinedLevels(student.detector.classes(student.out));
  const own = student.detector.classForm === "logits" ? tf.sigmoid(classes) : classes;
  const logits = joinedLevels(teacher.detector.classLogits(teacher.out));
  const taught = rawTeacher ? logits : tf.sigmoid(logits);
  const [above, below] = [tf.max(tf.sub(taught, own), 2), tf.max(tf.sub(own, taught), 2)];
  const ofTeacher = tf.expandDims(tf.greaterEqual(above, below), 2);
  const boxes = tf.where(
    tf.tile(ofTeacher, [1, 1, 4]),
    joinedLevels(teacher.detector.boxes(teacher.out)),
    joinedLevels(student.detector.boxes(student.out)),
  );
  return [tf.maximum(above, below), boxes];
}

/** Per level its anchors of all images, as rows of the flattened batch. */
function levelsOf({ levelSizes, anchors }: DetectorGrid, images: number): Int32Array[] {
  const count = anchors.shape[0]!;
  let start = 0;
  return levelSizes.map((size) => {
    const first = start;
    start += size;
    return Int32Array.from({ length: images * size }, (_, at) => Math.floor(at / size) * count + first + (at % size));
  });
}

/** Boxes at rows, copied. */
function boxesAt(rows: Int32Array, boxes: TypedArray): NdArray {
  const out = new Float32Array(rows.length * 4);
  for (let at = 0; at < out.length; at++) out[at] = boxes[rows[at >> 2]! * 4 + (at & 3)]!;
  return ndArray(out, [rows.length, 4]);
}
