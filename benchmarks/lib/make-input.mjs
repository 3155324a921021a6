import { ndArray, random } from "@lad/core";

/** Sides of drawn objects, px: as many small as large ones. */
const sides = [12, 400];

/**
 * A seeded batch: normal images `[B, H, W, 3]`, per image labels and, if `gts` is given, as many boxes `[gts, 4]` xyxy px of mixed sizes.
 * As a record of arrays, so that a peer can read the very same: `images`, `labels.<image>`, `boxes.<image>`.
 */
export function makeInput({ batch, height, width, classes, gts = 0, seed = 1 }) {
  const stream = random(seed);
  const images = Float32Array.from({ length: batch * height * width * 3 }, () => 2 * stream.uniform() - 1);
  const record = { images: ndArray(images, [batch, height, width, 3]) };
  for (let image = 0; image < batch; image++) {
    const labels = Int32Array.from({ length: gts || 1 }, () => stream.integer(classes));
    record[`labels.${image}`] = ndArray(labels, [labels.length]);
    if (gts > 0) record[`boxes.${image}`] = ndArray(makeBoxes(stream, { gts, height, width }), [gts, 4]);
  }
  return record;
}

function makeBoxes(stream, { gts, height, width }) {
  const side = (most) => Math.min(sides[0] * (sides[1] / sides[0]) ** stream.uniform(), 0.9 * most);
  const boxes = new Float32Array(gts * 4);
  for (let gt = 0; gt < gts; gt++) {
    const [w, h] = [side(width), side(height)];
    const [x, y] = [stream.uniform() * (width - w), stream.uniform() * (height - h)];
    boxes.set([x, y, x + w, y + h], gt * 4);
  }
  return boxes;
}
