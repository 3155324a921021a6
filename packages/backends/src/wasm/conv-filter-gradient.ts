import { type ConvAttributes, type ConvGeometry, convGeometry } from "./conv-geometry";
import { alias, floats, type Info, type Kernel, releaseAlias, sizeOf, stock, type Wasm, zeros } from "./heap";
import { type Block, unfoldTransposed } from "./unfold-transposed";

/** Floats of unfolded input that are held at once: bounds the memory on large images. */
const unfoldedElements = 1 << 22;
/** Longest sum inside one product; blocks are added up, which also keeps float32 sums short. */
const longestSum = 8192;
const plain = { transposeA: false, transposeB: false };

/**
 * Gradient of a convolution with respect to its filter, `dw[i, j, c, o] = Σ x[n, h·s + i - top, w·s + j - left, c] · dy[n, h, w, o]`,
 * which tfjs-backend-wasm 4.22 lacks. Block by block the input is transposed and unfolded over the filter's columns to `[filterWidth · channels, positions]`;
 * each row of the filter then is one XNNPACK product of a shifted view of it with dy (products with a transpose flag would be 13 times slower).
 * On small maps, where the rows that such views run over cost more than copying, all taps are unfolded and one product serves them.
 */
export const convFilterGradient: Kernel = (backend, { x, dy }, attributes) => {
  const { filterShape, ...rest } = attributes as unknown as ConvAttributes & { filterShape: number[] };
  const geometry = convGeometry("conv2dBackpropFilter", x!.shape, filterShape, rest);
  if (sizeOf(dy!.shape) === 0 || sizeOf(filterShape) === 0) return zeros(backend, filterShape);
  const [first, ...others] = blocks(geometry);
  if (others.length === 0 && !shiftRows(geometry, first!))
    return { ...productAtOnce(backend, x!, dy!, geometry, first!), shape: filterShape };
  const result = zeros(backend, filterShape);
  for (const block of [first!, ...others]) {
    if (shiftRows(geometry, block)) addByFilterRow(backend, x!, dy!, geometry, block, result);
    else addTo(backend, result, 0, productAtOnce(backend, x!, dy!, geometry, block));
  }
  return result;
};

/** Whether running over a few rows more costs less than unfolding the filter's rows too: about 31 multiply-adds against 2 ns an element. */
function shiftRows({ filterHeight, strideHeight, outChannels }: ConvGeometry, block: Block): boolean {
  const extra = Math.floor((filterHeight - 1) / strideHeight);
  return filterHeight > 1 && block.images === 1 && outChannels * extra < 31 * block.rows;
}

function blocks({ batch, outHeight, outWidth, filterHeight, filterWidth, channels, ...rest }: ConvGeometry): Block[] {
  const rowsUnfolded = filterWidth * channels * Math.min(filterHeight, 2 * rest.strideHeight);
  const positions = Math.max(1, Math.min(longestSum, Math.floor(unfoldedElements / rowsUnfolded)));
  const found: Block[] = [];
  if (2 * outHeight * outWidth <= positions) {
    const step = Math.floor(positions / (outHeight * outWidth));
    for (let image = 0; image < batch; image += step)
      found.push({ image, images: Math.min(step, batch - image), row: 0, rows: outHeight });
    return found;
  }
  const parts = Math.ceil(outHeight / Math.max(1, Math.floor(positions / outWidth)));
  const step = Math.ceil(outHeight / parts);
  for (let image = 0; image < batch; image++)
    for (let row = 0; row < outHeight; row += step)
      found.push({ image, images: 1, row, rows: Math.min(step, outHeight - row) });
  return found;
}

/** `[1, filterHeight · filterWidth · channels, outChannels]` of one block, from one product. */
function productAtOnce(backend: Wasm, x: Info, dy: Info, geometry: ConvGeometry, block: Block): Info {
  const { outHeight, outWidth, outChannels, filterHeight } = geometry;
  const positions = block.images * block.rows * outWidth;
  const taps = Array.from({ length: filterHeight }, (_, row) => row);
  const unfolded = unfoldTransposed(backend, x, geometry, block, taps, block.rows);
  const first = (block.image * outHeight + block.row) * outWidth * outChannels;
  const rows = alias(backend, dy, [1, positions, outChannels], first);
  const product = stock(backend, "BatchMatMul", { a: unfolded.info, b: rows }, plain);
  releaseAlias(backend, rows);
  unfolded.release();
  return product;
}

/** Adds one block, one product for each row of the filter. */
function addByFilterRow(backend: Wasm, x: Info, dy: Info, geometry: ConvGeometry, block: Block, result: Info): void {
  const { outHeight, outWidth, outChannels, filterHeight, filterWidth, channels, strideHeight } = geometry;
  const rows = block.rows + Math.floor((filterHeight - 1) / strideHeight);
  const phases = Array.from({ length: Math.min(strideHeight, filterHeight) }, (_, phase) => phase);
  const unfolded = unfoldTransposed(backend, x, geometry, block, phases, rows);
  const extended = zeros(backend, [1, rows * outWidth, outChannels]);
  const first = (block.image * outHeight + block.row) * outWidth * outChannels;
  const length = block.rows * outWidth * outChannels;
  floats(backend, extended).set(floats(backend, dy).subarray(first, first + length));
  const filterRow = filterWidth * channels;
  for (let i = 0; i < filterHeight; i++) {
    const start = ((i % strideHeight) * filterRow * rows + Math.floor(i / strideHeight)) * outWidth;
    const shifted = alias(backend, unfolded.info, [1, filterRow, rows * outWidth], start);
    const product = stock(backend, "BatchMatMul", { a: shifted, b: extended }, plain);
    releaseAlias(backend, shifted);
    addTo(backend, result, i * filterRow * outChannels, product);
  }
  backend.disposeData(extended.dataId);
  unfolded.release();
}

/** Adds a product to the numbers of `result` from `at` on, and frees it. */
function addTo(backend: Wasm, result: Info, at: number, product: Info): void {
  const [sum, values] = [floats(backend, result), floats(backend, product)];
  for (let i = 0, to = at; i < values.length; i++, to++) sum[to]! += values[i]!;
  backend.disposeData(product.dataId);
}
