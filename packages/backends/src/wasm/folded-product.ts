import type { ConvGeometry } from "./conv-geometry";
import { floats, type Info, stock, type Wasm, zeros } from "./heap";

/**
 * Gradient of a convolution with respect to its input as `filter · dyᵀ`, `[filterHeight · filterWidth · channels, positions]`, whose windows are added up where they overlap.
 */
export function foldedProduct(backend: Wasm, dy: Info, filter: Info, geometry: ConvGeometry): Info {
  const { batch, height, width, channels, outHeight, outWidth, outChannels, filterHeight, filterWidth } = geometry;
  const positions = batch * outHeight * outWidth;
  const rows = filterHeight * filterWidth * channels;
  const columns = stock(backend, "Transpose", { x: { ...dy, shape: [positions, outChannels] } }, { perm: [1, 0] });
  const product = stock(
    backend,
    "BatchMatMul",
    { a: { ...filter, shape: [1, rows, outChannels] }, b: { ...columns, shape: [1, outChannels, positions] } },
    { transposeA: false, transposeB: false },
  );
  const windows = stock(backend, "Transpose", { x: { ...product, shape: [rows, positions] } }, { perm: [1, 0] });
  const result = zeros(backend, [batch, height, width, channels]);
  addWindows(floats(backend, windows), floats(backend, result), geometry);
  for (const { dataId } of [columns, product, windows]) backend.disposeData(dataId);
  return result;
}

/** `result[n, h·s + i - top, w·s + j - left, c] += windows[n, h, w, i, j, c]` where that lies inside. */
function addWindows(windows: Float32Array, result: Float32Array, geometry: ConvGeometry): void {
  const { batch, height, width, channels, outHeight, outWidth, filterHeight, filterWidth } = geometry;
  let read = 0;
  for (let n = 0; n < batch; n++) {
    for (let h = 0; h < outHeight; h++) {
      for (let w = 0; w < outWidth; w++) {
        for (let i = 0; i < filterHeight; i++) {
          const y = h * geometry.strideHeight + i - geometry.top;
          for (let j = 0; j < filterWidth; j++, read += channels) {
            const x = w * geometry.strideWidth + j - geometry.left;
            if (y < 0 || y >= height || x < 0 || x >= width) continue;
            const write = ((n * height + y) * width + x) * channels;
            for (let c = 0; c < channels; c++) result[write + c]! += windows[read + c]!;
          }
        }
      }
    }
  }
}
