import { numberColumn } from "./number-column";

/** Keypoints that are gathered row by row. */
export type KeypointColumn = {
  /** A row becomes NaN without keypoints, with another number of them than the first row that has some, or if one is not finite. */
  push(keypoints: ArrayLike<number> | undefined): void;
  /** `[N * K * 3]` */
  finish(): Float64Array;
};

/** Makes an empty column. */
export function keypointColumn(): KeypointColumn {
  const column = numberColumn();
  let rowsBefore = 0;
  let length = 0; // of a row, 0 = not known yet
  const pushEmpty = () => {
    for (let i = 0; i < length; i++) column.push(Number.NaN);
  };
  return {
    push: (keypoints) => {
      const count = keypoints?.length ?? 0;
      if (length === 0 && count > 0 && count % 3 === 0) {
        length = count;
        for (let row = 0; row < rowsBefore; row++) pushEmpty();
      }
      rowsBefore++;
      if (keypoints && count === length && allFinite(keypoints)) column.pushAll(keypoints);
      else pushEmpty();
    },
    finish: () => column.finish(),
  };
}

function allFinite(values: ArrayLike<number>): boolean {
  for (let i = 0; i < values.length; i++) if (!Number.isFinite(values[i])) return false;
  return true;
}
