import { LadError } from "@lad/core";
import type * as tf from "@tensorflow/tfjs-core";

export function checkSameShape(who: string, pair: Readonly<Record<string, tf.Tensor>>): void {
  const [[nameA, a], [nameB, b]] = Object.entries(pair) as [[string, tf.Tensor], [string, tf.Tensor]];
  if (`${a.shape}` !== `${b.shape}`) {
    throw new LadError(
      "SHAPE_MISMATCH",
      `${who}: ${nameA} [${a.shape}] and ${nameB} [${b.shape}] must have the same shape`,
    );
  }
}

export function checkBoxes(who: string, pair: { readonly predicted: tf.Tensor; readonly target: tf.Tensor }): void {
  checkSameShape(who, pair);
  const { shape } = pair.predicted;
  if (shape.length !== 2 || shape[1] !== 4)
    throw new LadError("SHAPE_MISMATCH", `${who}: predicted must be [N, 4], got [${shape}]`);
}

export function checkPositive(who: string, name: string, value: number): void {
  if (!(value > 0)) throw new LadError("INVALID_ARGUMENT", `${who}: ${name} must be greater than 0, got ${value}`);
}

/** Throws unless `predictions` is `[N, C]` and every given list has N rows. */
export function checkRows(
  who: string,
  predictions: tf.Tensor,
  rows: Readonly<Record<string, Int32Array | Float32Array | tf.Tensor1D | undefined>>,
): void {
  const { shape } = predictions;
  if (shape.length !== 2) throw new LadError("SHAPE_MISMATCH", `${who}: predictions must be [N, C], got [${shape}]`);
  for (const [name, values] of Object.entries(rows)) {
    if (values === undefined) continue;
    const size = "size" in values ? values.size : values.length;
    if (size !== shape[0])
      throw new LadError(
        "SHAPE_MISMATCH",
        `${who}: ${name} must have ${shape[0]} rows as predictions [${shape}], got ${size}`,
      );
  }
}
