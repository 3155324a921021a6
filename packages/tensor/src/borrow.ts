import type { TypedArray } from "@lad/core";
import * as tf from "@tensorflow/tfjs-core";

type BorrowingBackend = { borrow?<T>(dataId: object, read: (values: TypedArray) => T): T };

/**
 * Lets host code read a tensor's values. `read` must neither keep nor change the array: an engine that holds its tensors in host memory
 * lends them without a copy (its backend offers `borrow`), the others download them.
 */
export async function borrow<T>(tensor: tf.Tensor, read: (values: TypedArray) => T): Promise<T> {
  return borrowAll([tensor], ([values]) => read(values!));
}

/** As `borrow`, for several tensors at once. */
export async function borrowAll<T>(
  tensors: readonly tf.Tensor[],
  read: (values: readonly TypedArray[]) => T,
): Promise<T> {
  const backend = tf.backend() as unknown as BorrowingBackend;
  if (!backend.borrow) return read((await Promise.all(tensors.map((tensor) => tensor.data()))) as TypedArray[]);
  const lend = backend.borrow.bind(backend);
  const open = (lent: readonly TypedArray[]): T =>
    lent.length === tensors.length
      ? read(lent)
      : lend(tensors[lent.length]!.dataId, (values) => open([...lent, values]));
  return open([]);
}
