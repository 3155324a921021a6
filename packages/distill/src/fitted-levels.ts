import { LadError } from "@lad/core";
import type * as tf from "@tensorflow/tfjs-core";
import type { ImitationAdapter } from "./imitation-adapter";

type Levels = readonly tf.Tensor4D[];

/** The student's maps in the teacher's width. @throws {LadError} SHAPE_MISMATCH if they differ. */
export function fittedLevels(own: Levels, taught: Levels, adapter: ImitationAdapter | undefined): Levels {
  const maps = adapter ? adapter.forward(own) : own;
  maps.forEach(({ shape }, level) => {
    const wanted = taught[level]?.shape;
    if (`${wanted}` === `${shape}`) return;
    throw new LadError(
      "SHAPE_MISMATCH",
      `feature imitation: level ${level} of the student is [${shape}], the teacher's [${wanted}]; give an imitationAdapter where widths differ`,
    );
  });
  return maps;
}
