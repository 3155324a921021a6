// Right calls of the fused losses and of AdamW, drawn at random.

function losses(draw) {
  const [rows, columns, reduction] = [draw.whole(0, 9), draw.whole(1, 20), draw.whole(0, 2)];
  return {
    sizes: [rows, columns, reduction],
    map: () => draw.floats(rows * columns),
    each: () => draw.floats(rows),
    maybe: () => (draw.chance(0.5) ? draw.floats(rows) : null),
    labels: () => draw.integers(rows, -1, columns),
    result: () => draw.floats([rows * columns, rows, 1][reduction]),
  };
}

export const lossCalls = {
  focal: (draw, l = losses(draw)) => [
    ...[draw.whole(0, 2), l.map(), l.labels(), l.each(), l.maybe(), l.result(), ...l.sizes, 0.25, 2],
  ],
  focalGradient: (draw, l = losses(draw)) => [
    ...[draw.whole(0, 2), l.map(), l.labels(), l.each(), l.maybe(), l.result(), l.map(), ...l.sizes, 0.25, 2],
  ],
  distributionFocal: (draw, l = losses(draw)) => [l.map(), l.each(), l.maybe(), l.result(), ...l.sizes],
  distributionFocalGradient: (draw, l = losses(draw)) => [
    l.map(),
    l.each(),
    l.maybe(),
    l.result(),
    l.map(),
    ...l.sizes,
  ],
  distillationKl: (draw, l = losses(draw)) => [l.map(), l.map(), l.maybe(), l.result(), ...l.sizes, 2],
  distillationKlGradient: (draw, l = losses(draw)) => [l.map(), l.map(), l.maybe(), l.result(), l.map(), ...l.sizes, 2],
  giou: (draw, n = draw.whole(0, 20)) => [draw.floats(4 * n), draw.floats(4 * n), draw.floats(n), 1e-6],
  giouGradient: (draw, n = draw.whole(0, 20)) => [
    ...[draw.floats(4 * n), draw.floats(4 * n), draw.floats(n), draw.floats(4 * n), draw.floats(4 * n), 1e-6],
  ],
  blend: (draw, n = draw.whole(0, 99)) => [draw.floats(n), draw.floats(n), draw.floats(n), 0.9, 0.1],
  adamW: (draw, n = draw.whole(0, 99)) => {
    const [w, g, m, s, newW, newM, newS] = draw.list(7, 0, 0).map(() => draw.floats(n));
    const started = draw.chance(0.7);
    return [w, g, started ? m : null, started ? s : null, newW, newM, newS, 0.9, 0.999, 0.99, 0.1, 1, 1e-8];
  },
};
