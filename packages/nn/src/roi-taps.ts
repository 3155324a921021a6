/** Which cells along one axis of a map the bins of each box average, and by how much; bin `b` of box `n` has the taps `starts[n·bins + b]` up to the next start. */
export type AxisTaps = {
  /** `[N·bins + 1]`. */
  readonly starts: Int32Array;
  readonly cells: Int32Array;
  readonly weights: Float32Array;
};
/** A box's extent along the axis, and the map it is pooled from. */
export type RoiExtent = {
  /** px of the image. */
  readonly from: number;
  readonly to: number;
  /** Cells per px. */
  readonly scale: number;
  /** Cells of the map along the axis. */
  readonly cells: number;
};
export type RoiSampling = {
  /** Samples of a bin along each axis; 0: as many as the bin has cells, rounded up. */
  readonly samplingRatio: number;
  /** Cell centres lie at half cells, and boxes may be smaller than a cell. */
  readonly aligned: boolean;
};

const { fround } = Math;

/**
 * The taps of ROIAlign along one axis. Sampling is bilinear and its grid is a product of the two axes, so the weight of a cell of the map is the product
 * of its row's and its column's. In float32 step by step as the references' kernels: a box of a whole number of cells must not get one sample more.
 */
export function roiTaps(extents: readonly RoiExtent[], bins: number, sampling: RoiSampling): AxisTaps {
  const starts = new Int32Array(extents.length * bins + 1);
  const cells: number[] = [];
  const weights: number[] = [];
  extents.forEach((extent, box) => {
    for (let bin = 0; bin < bins; bin++) {
      addBin(extent, bin, bins, sampling, cells, weights);
      starts[box * bins + bin + 1] = cells.length;
    }
  });
  return { starts, cells: Int32Array.from(cells), weights: Float32Array.from(weights) };
}

function addBin(
  { from, to, scale, cells: side }: RoiExtent,
  bin: number,
  bins: number,
  { samplingRatio, aligned }: RoiSampling,
  cells: number[],
  weights: number[],
): void {
  const offset = aligned ? 0.5 : 0;
  const start = fround(fround(from * fround(scale)) - offset);
  const end = fround(fround(to * fround(scale)) - offset);
  const size = aligned ? fround(end - start) : Math.max(fround(end - start), 1);
  const length = fround(size / bins);
  const samples = samplingRatio > 0 ? samplingRatio : Math.ceil(length);
  const origin = fround(start + fround(bin * length));
  const first = cells.length;
  const [begin, stop] = inside(origin, length / samples, side, samples);
  for (let sample = begin; sample < stop; sample++) {
    const place = fround(origin + fround(fround((sample + 0.5) * length) / samples));
    if (place < -1 || place > side) continue;
    const whole = Math.min(Math.max(Math.trunc(place), 0), side - 1);
    const rest = whole === side - 1 ? 0 : Math.max(fround(place - whole), 0);
    addTap(whole, 1 - rest, first, cells, weights);
    // a weight of 0 too: what is not a number there shows, as in the references
    addTap(Math.min(whole + 1, side - 1), rest, first, cells, weights);
  }
  for (let tap = first; tap < cells.length; tap++) weights[tap]! /= samples;
}

/** The samples that may lie on the map: a box far larger than the map has many that do not. */
function inside(origin: number, step: number, side: number, samples: number): [begin: number, stop: number] {
  if (!(step > 0)) return [0, samples];
  const sampleAt = (place: number) => (place - origin) / step - 0.5;
  return [Math.max(0, Math.floor(sampleAt(-1)) - 1), Math.min(samples, Math.ceil(sampleAt(side)) + 2)];
}

/** Neighbouring samples share cells: one of the last taps of the bin is the cell's, or it becomes a new one. */
function addTap(cell: number, weight: number, first: number, cells: number[], weights: number[]): void {
  for (let tap = cells.length - 1; tap >= Math.max(first, cells.length - 3); tap--) {
    if (cells[tap] !== cell) continue;
    weights[tap]! += weight;
    return;
  }
  cells.push(cell);
  weights.push(weight);
}
