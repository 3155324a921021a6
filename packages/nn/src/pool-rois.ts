import { fusedKernel } from "@lad/tensor";
import * as tf from "@tensorflow/tfjs-core";
import { customOp } from "./custom-op";
import type { AxisTaps } from "./roi-taps";
import { type RowWeights, scatterWeightedRows } from "./scatter-weighted-rows";

/** What boxes average: their map, image and cells. All on the host. */
export type RoiPlan = {
  /** `[N]`, index of the map each box is pooled from. */
  readonly levels: Int32Array;
  /** `[N]`, index in the batch. */
  readonly images: Int32Array;
  readonly rows: AxisTaps;
  readonly columns: AxisTaps;
  /** Bins. */
  readonly height: number;
  readonly width: number;
};

/**
 * Averages of boxes over cells of maps `[B, H, W, C]`, a sparse linear map with its transpose as gradient: `[N, height, width, C]`.
 * One kernel for each direction where the engine has them.
 * @param chunkElements rows gathered at once, times channels: what bounds the memory of the composed version.
 */
export function poolRois(maps: readonly tf.Tensor4D[], plan: RoiPlan, chunkElements = 1 << 22): tf.Tensor4D {
  const shape: [number, number, number, number] = [plan.levels.length, plan.height, plan.width, maps[0]!.shape[3]];
  const inputs = Object.fromEntries(maps.map((map, level) => [`x${level}`, map]));
  const shapes = maps.map((map) => map.shape);
  return customOp(
    inputs,
    () => {
      const kernel = fusedKernel("LadRoiAlign");
      if (kernel) return kernel(inputs, plan)[0] as tf.Tensor4D;
      return tf.reshape(forward(maps, plan, chunkElements), shape) as tf.Tensor4D;
    },
    (dy) =>
      Object.fromEntries(
        shapes.map((mapShape, level) => [
          `x${level}`,
          () => backward(dy, plan, { level, shape: mapShape }, chunkElements),
        ]),
      ),
  );
}

function forward(maps: readonly tf.Tensor4D[], plan: RoiPlan, chunkElements: number): tf.Tensor {
  const channels = maps[0]!.shape[3];
  const bins = plan.height * plan.width;
  const parts = chunks(plan, chunkElements / Math.max(channels, 1)).map(([begin, end]) => {
    const sums = maps.map((map, level) => {
      const taps = listTaps(plan, level, map.shape, begin, end);
      return scatterWeightedRows(tf.reshape(map, [-1, channels]), taps, (end - begin) * bins);
    });
    return tf.addN(sums);
  });
  return parts.length === 0 ? tf.zeros([0, channels]) : tf.concat(parts, 0);
}

function backward(
  dy: tf.Tensor4D,
  plan: RoiPlan,
  of: { readonly level: number; readonly shape: [number, number, number, number] },
  chunkElements: number,
): tf.Tensor {
  const kernel = fusedKernel("LadRoiAlignGradient");
  if (kernel) return kernel({ dy }, { ...plan, ...of })[0]!;
  const { level, shape } = of;
  const [batch, height, width, channels] = shape;
  const bins = plan.height * plan.width;
  const sums = chunks(plan, chunkElements / Math.max(channels, 1)).map(([begin, end]) => {
    const { from, to, weights } = listTaps(plan, level, shape, begin, end);
    const slopes = tf.slice(dy, [begin, 0, 0, 0], [end - begin, -1, -1, -1]);
    const rows = tf.reshape(slopes, [(end - begin) * bins, channels]) as tf.Tensor2D;
    return scatterWeightedRows(rows, { from: to, to: from, weights }, batch * height * width);
  });
  return sums.length === 0 ? tf.zeros(shape) : tf.reshape(tf.addN(sums), shape);
}

/** Ranges of boxes with at most `most` taps together. */
function chunks({ levels, rows, columns, height, width }: RoiPlan, most: number): [begin: number, end: number][] {
  const ranges: [number, number][] = [];
  let [begin, taps] = [0, 0];
  for (let box = 0; box < levels.length; box++) {
    const tall = rows.starts[(box + 1) * height]! - rows.starts[box * height]!;
    const wide = columns.starts[(box + 1) * width]! - columns.starts[box * width]!;
    if (box > begin && taps + tall * wide > most) {
      ranges.push([begin, box]);
      [begin, taps] = [box, 0];
    }
    taps += tall * wide;
  }
  if (levels.length > begin) ranges.push([begin, levels.length]);
  return ranges;
}

/** The taps of the boxes `begin` … `end − 1` on one map, as rows of the map (`from`) and of the bins (`to`, from `begin` on). */
function listTaps(plan: RoiPlan, level: number, shape: readonly number[], begin: number, end: number): RowWeights {
  const { rows, columns, height, width } = plan;
  const [, mapHeight, mapWidth] = shape as [number, number, number];
  const [from, to, weights]: [number[], number[], number[]] = [[], [], []];
  for (let box = begin; box < end; box++) {
    if (plan.levels[box] !== level) continue;
    for (let bin = 0; bin < height * width; bin++) {
      const [top, left] = [box * height + Math.floor(bin / width), box * width + (bin % width)];
      for (let row = rows.starts[top]!; row < rows.starts[top + 1]!; row++) {
        const line = (plan.images[box]! * mapHeight + rows.cells[row]!) * mapWidth;
        for (let column = columns.starts[left]!; column < columns.starts[left + 1]!; column++) {
          from.push(line + columns.cells[column]!);
          to.push((box - begin) * height * width + bin);
          weights.push(rows.weights[row]! * columns.weights[column]!);
        }
      }
    }
  }
  return { from: Int32Array.from(from), to: Int32Array.from(to), weights: Float32Array.from(weights) };
}
