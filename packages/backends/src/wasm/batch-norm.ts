import { floats, type Kernel, sizeOf, stock } from "./heap";

/**
 * `(x - mean) / √(variance + varianceEpsilon) · scale + offset` with statistics a channel, as one factor and one addend a channel.
 */
export const fusedBatchNorm: Kernel = (backend, { x, mean, variance, offset, scale }, attributes) => {
  const { varianceEpsilon } = attributes as { varianceEpsilon: number };
  const channels = sizeOf(mean!.shape);
  if (mean!.shape.length !== 1 || sizeOf(x!.shape) === 0)
    return stock(
      backend,
      "FusedBatchNorm",
      { x: x!, mean: mean!, variance: variance!, offset: offset!, scale: scale! },
      attributes,
    );
  const factor = backend.makeOutput([channels], "float32");
  const addend = backend.makeOutput([channels], "float32");
  const [means, variances] = [floats(backend, mean!), floats(backend, variance!)];
  const [factors, addends] = [floats(backend, factor), floats(backend, addend)];
  const offsets = offset ? floats(backend, offset) : undefined;
  const scales = scale ? floats(backend, scale) : undefined;
  for (let c = 0; c < channels; c++) {
    factors[c] = (scales ? scales[c]! : 1) / Math.sqrt(variances[c]! + varianceEpsilon);
    addends[c] = (offsets ? offsets[c]! : 0) - means[c]! * factors[c]!;
  }
  const scaled = stock(backend, "Multiply", { a: x!, b: factor });
  const result = stock(backend, "Add", { a: scaled, b: addend });
  for (const { dataId } of [factor, addend, scaled]) backend.disposeData(dataId);
  return result;
};
