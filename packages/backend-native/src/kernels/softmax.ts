import { LadError } from "@lad/core";
import type { TensorInfo } from "@tensorflow/tfjs-core";
import type { Device } from "../device";
import { areFloats, type KernelTable, kernel } from "../kernel";

/** Softmax along the last axis, in one pass over each row. NaN propagates. */
export function softmaxKernels({ addon, floats, allocate, result }: Device): KernelTable {
  return {
    Softmax: kernel<{ logits: TensorInfo }, { dim: number }>(({ logits }, { dim }) => {
      const { shape } = logits;
      if (!areFloats(logits)) return undefined;
      if (dim !== -1 && dim !== shape.length - 1)
        throw new LadError(
          "UNSUPPORTED",
          `native Softmax: wanted the last axis of logits [${shape}], got ${dim}; transpose first`,
        );
      const from = floats(logits);
      const y = allocate(from.length);
      const length = shape.at(-1) ?? 1;
      addon.softmax(from, y, length === 0 ? 0 : from.length / length, length);
      return result(shape, y);
    }),
  };
}
