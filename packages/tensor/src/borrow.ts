import type { TypedArray } from "@lad/core";
import * as tf from "@tensorflow/tfjs-core";

type BorrowingBackend = { borrow?<T>(dataId: object, read: (values: TypedArray) => T): T };

/**
 * Lets host code read a tensor's values. `read` must not keep or change the array: an engine that holds its tensors in host memory
 * lends them without a copy (its backend offers `borrow`), the others download them.
 */
export async function borrow<T>(tensor: tf.Tensor, read: (values: TypedArray) => T): Promise<T> {
  const backend = tf.backend() as unknown as BorrowingBackend;
  if (backend.borrow) return backend.borrow(tensor.dataId, read);
  return read((await tensor.data()) as TypedArray);
}
