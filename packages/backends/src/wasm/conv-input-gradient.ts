import { type ConvAttributes, type ConvGeometry, convGeometry } from "./conv-geometry";
import { foldedProduct } from "./folded-product";
import { floats, type Info, type Kernel, sizeOf, stock, type Wasm, zeros } from "./heap";

/** One axis of one phase: input positions `first, first + stride, …` (count of them) see the taps `offset, offset + stride, …`. */
type PhaseAxis = {
  readonly first: number;
  readonly count: number;
  readonly offset: number;
  readonly taps: number;
  /** Zero rows of dy before and after; negative: rows of dy that are not read. */
  readonly before: number;
  readonly after: number;
};

/**
 * Gradient of a convolution with respect to its input. The input positions fall into stride² phases, each of which sees every stride-th tap:
 * each phase is an ordinary stride-1 convolution of dy with its taps flipped and transposed (XNNPACK's fast path, 12 times the stock kernel),
 * with no multiplication by inserted zeros; the phases are then interleaved. On maps smaller than the filter bank, packing the filter would cost more than
 * the convolution: there the filter is multiplied with dy as it lies and the windows are added up.
 */
export const convInputGradient: Kernel = (backend, { dy, filter }, attributes) => {
  const { inputShape, ...rest } = attributes as unknown as ConvAttributes & { inputShape: number[] };
  const geometry = convGeometry("conv2dBackpropInput", inputShape, filter!.shape, rest);
  const { height, width, strideHeight, strideWidth, filterHeight, filterWidth, top, left } = geometry;
  if (sizeOf(dy!.shape) === 0 || sizeOf(inputShape) === 0) return zeros(backend, inputShape);
  if (geometry.batch * geometry.outHeight * geometry.outWidth < 2 * geometry.outChannels)
    return foldedProduct(backend, dy!, filter!, geometry);
  const rows = phases(height, geometry.outHeight, filterHeight, strideHeight, top);
  const columns = phases(width, geometry.outWidth, filterWidth, strideWidth, left);
  if (strideHeight === 1 && strideWidth === 1)
    return phaseGradient(backend, dy!, filter!, geometry, rows[0]!, columns[0]!);
  const result = zeros(backend, inputShape);
  for (const row of rows) {
    for (const column of columns) {
      if (row.taps === 0 || column.taps === 0 || row.count <= 0 || column.count <= 0) continue;
      const part = phaseGradient(backend, dy!, filter!, geometry, row, column);
      interleave(floats(backend, part), floats(backend, result), geometry, row, column);
      backend.disposeData(part.dataId);
    }
  }
  return result;
};

function phases(size: number, outSize: number, filterSize: number, stride: number, padding: number): PhaseAxis[] {
  return Array.from({ length: stride }, (_, offset) => {
    const taps = Math.max(0, Math.ceil((filterSize - offset) / stride));
    const from = Math.ceil((padding - offset) / stride);
    const to = Math.floor((size - 1 + padding - offset) / stride);
    return {
      first: from * stride + offset - padding,
      count: to - from + 1,
      offset,
      taps,
      before: taps - 1 - from,
      after: to - (outSize - 1),
    };
  });
}

function phaseGradient(
  backend: Wasm,
  dy: Info,
  filter: Info,
  geometry: ConvGeometry,
  row: PhaseAxis,
  column: PhaseAxis,
): Info {
  const read = cropped(backend, dy, row, column);
  const taps = flippedTaps(backend, filter, geometry, row, column);
  const pad = [
    [0, 0],
    [Math.max(0, row.before), Math.max(0, row.after)],
    [Math.max(0, column.before), Math.max(0, column.after)],
    [0, 0],
  ];
  const attributes = { strides: [1, 1], pad, dilations: [1, 1], dataFormat: "NHWC" };
  const result = stock(backend, "Conv2D", { x: read, filter: taps }, attributes);
  backend.disposeData(taps.dataId);
  if (read !== dy) backend.disposeData(read.dataId);
  return result;
}

/** dy without the rows and columns that this phase does not reach (convolutions whose last inputs no output reads, or crops). */
function cropped(backend: Wasm, dy: Info, row: PhaseAxis, column: PhaseAxis): Info {
  const begin = [0, Math.max(0, -row.before), Math.max(0, -column.before), 0];
  const end = [
    dy.shape[0]!,
    dy.shape[1]! + Math.min(0, row.after),
    dy.shape[2]! + Math.min(0, column.after),
    dy.shape[3]!,
  ];
  const size = end.map((value, axis) => value - begin[axis]!);
  if (size.every((value, axis) => value === dy.shape[axis])) return dy;
  return stock(backend, "Slice", { x: dy }, { begin, size });
}

/** `[row.taps, column.taps, outChannels, channels]`: the phase's taps in reverse order, each transposed. */
function flippedTaps(backend: Wasm, filter: Info, geometry: ConvGeometry, row: PhaseAxis, column: PhaseAxis): Info {
  const { channels, outChannels, filterWidth, strideHeight, strideWidth } = geometry;
  const output = backend.makeOutput([row.taps, column.taps, outChannels, channels], "float32");
  const source = floats(backend, filter);
  const target = floats(backend, output);
  let to = 0;
  for (let i = row.taps - 1; i >= 0; i--) {
    for (let j = column.taps - 1; j >= 0; j--) {
      const tap = (row.offset + i * strideHeight) * filterWidth + column.offset + j * strideWidth;
      transposeMatrix(source, tap * channels * outChannels, target, to, channels, outChannels);
      to += channels * outChannels;
    }
  }
  return output;
}

/** `[rows, columns]` to `[columns, rows]`, sixteen rows at a time so that each written cache line is filled at once. */
function transposeMatrix(
  source: Float32Array,
  start: number,
  target: Float32Array,
  at: number,
  rows: number,
  columns: number,
): void {
  const block = 16;
  for (let first = 0; first < rows; first += block) {
    const last = Math.min(rows, first + block);
    for (let column = 0; column < columns; column++) {
      let from = start + first * columns + column;
      const base = at + column * rows;
      for (let row = first; row < last; row++) {
        target[base + row] = source[from]!;
        from += columns;
      }
    }
  }
}

function interleave(
  part: Float32Array,
  result: Float32Array,
  { batch, height, width, channels, strideHeight, strideWidth }: ConvGeometry,
  row: PhaseAxis,
  column: PhaseAxis,
): void {
  let from = 0;
  for (let n = 0; n < batch; n++) {
    for (let h = 0; h < row.count; h++) {
      let to = ((n * height + row.first + h * strideHeight) * width + column.first) * channels;
      for (let w = 0; w < column.count; w++) {
        for (let c = 0; c < channels; c++) result[to + c] = part[from + c]!;
        from += channels;
        to += strideWidth * channels;
      }
    }
  }
}
