import type { ConvGeometry } from "./conv-geometry";
import { alias, floats, type Info, releaseAlias, stock, type Wasm, zeros } from "./heap";

/** A run of output rows: whole images, or rows of one image. */
export type Block = { readonly image: number; readonly images: number; readonly row: number; readonly rows: number };

/** Rows of the input as channel planes, `[channels, images, rows, width]`, `first` being the row of the image that comes first. */
type Planes = { readonly values: Float32Array; readonly first: number; readonly rows: number };

/**
 * What the filter's weights are multiplied with: for each of the given filter rows, filter column and channel, `[positions]` of the block with
 * `images · rows · outWidth` positions; 0 in the padding. `[1, filterRows · filterWidth · channels, positions]`, followed by one filter's worth of zero rows.
 */
export function unfoldTransposed(
  backend: Wasm,
  x: Info,
  geometry: ConvGeometry,
  block: Block,
  filterRows: readonly number[],
  rows: number,
): { readonly info: Info; release(): void } {
  const { height, width, channels, outWidth, filterHeight, filterWidth, strideHeight, top } = geometry;
  const first = Math.max(0, block.row * strideHeight - top);
  const last = Math.min(height, (block.row + rows - 1) * strideHeight + filterHeight - top);
  const count = Math.max(0, last - first);
  const positions = block.images * rows * outWidth;
  const whole = block.images > 1;
  const source = alias(
    backend,
    x,
    [block.images * (whole ? height : count) * width, channels],
    (block.image * height + (whole ? 0 : first)) * width * channels,
  );
  const planes = stock(backend, "Transpose", { x: source }, { perm: [1, 0] });
  releaseAlias(backend, source);
  const owner = zeros(backend, [filterRows.length * filterWidth * channels * positions + filterHeight * outWidth]);
  const target = floats(backend, owner);
  const read = { values: floats(backend, planes), first: whole ? 0 : first, rows: whole ? height : count };
  filterRows.forEach((filterRow, index) => {
    for (let column = 0; column < filterWidth; column++) {
      const at = (index * filterWidth + column) * channels * positions;
      copyTap(read, target, at, geometry, block, filterRow, column, rows);
    }
  });
  backend.disposeData(planes.dataId);
  const info = alias(backend, owner, [1, filterRows.length * filterWidth * channels, positions]);
  const release = () => {
    releaseAlias(backend, info);
    backend.disposeData(owner.dataId);
  };
  return { info, release };
}

/** One filter position: its window on the input, channel by channel. */
function copyTap(
  { values, first, rows: rowsRead }: Planes,
  target: Float32Array,
  at: number,
  geometry: ConvGeometry,
  block: Block,
  filterRow: number,
  filterColumn: number,
  rows: number,
): void {
  const { width, channels, outWidth, strideHeight, strideWidth } = geometry;
  const shiftRow = block.row * strideHeight + filterRow - geometry.top - first;
  const shiftColumn = filterColumn - geometry.left;
  const rowFrom = Math.max(0, Math.ceil(-shiftRow / strideHeight));
  const rowTo = Math.min(rows, Math.floor((rowsRead - 1 - shiftRow) / strideHeight) + 1);
  const from = Math.max(0, Math.ceil(-shiftColumn / strideWidth));
  const to = Math.min(outWidth, Math.floor((width - 1 - shiftColumn) / strideWidth) + 1);
  if (rowTo <= rowFrom || to <= from) return;
  const whole = strideHeight === 1 && strideWidth === 1 && outWidth === width;
  for (let plane = 0; plane < channels * block.images; plane++) {
    const read = (plane * rowsRead + shiftRow) * width + shiftColumn;
    const write = at + plane * rows * outWidth;
    if (whole) {
      copyRows(values, read, target, write, width, rowFrom, rowTo, from, to);
      continue;
    }
    for (let row = rowFrom; row < rowTo; row++) {
      let p = read + row * strideHeight * width + from * strideWidth;
      const end = write + row * outWidth + to;
      for (let q = end - to + from; q < end; q++, p += strideWidth) target[q] = values[p]!;
    }
  }
}

/** Rows `[rowFrom, rowTo)` at once, then zeros in the columns outside `[from, to)`, which took numbers of the neighbouring rows. */
function copyRows(
  values: Float32Array,
  read: number,
  target: Float32Array,
  write: number,
  width: number,
  rowFrom: number,
  rowTo: number,
  from: number,
  to: number,
): void {
  const start = rowFrom * width + from;
  const end = (rowTo - 1) * width + to;
  target.set(values.subarray(read + start, read + end), write + start);
  for (let row = rowFrom; row < rowTo; row++) {
    const base = write + row * width;
    for (let column = 0; column < from; column++) target[base + column] = 0;
    for (let column = to; column < width; column++) target[base + column] = 0;
  }
}
