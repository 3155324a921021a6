export const side = 96;

/** Numbers in [0, 1), the same in every run. */
export function randomNumbers(seed) {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 2 ** 32;
  };
}

/** A grey image with a red square (class 0) on its left half and a blue one (class 1) on its right. */
export function drawScene(uniform) {
  const pixels = new Float32Array(side * side * 3).map(() => 0.5 + 0.1 * (uniform() - 0.5));
  const boxes = [0, 1].map((label) => {
    const size = 20 + 8 * uniform();
    const x = (label * side) / 2 + (side / 2 - size) * uniform();
    const y = (side - size) * uniform();
    paint(pixels, [x, y, x + size, y + size], label === 0 ? [0.9, 0.2, 0.2] : [0.2, 0.2, 0.9]);
    return [x, y, x + size, y + size];
  });
  return { pixels, boxes: { data: Float32Array.from(boxes.flat()), shape: [2, 4] }, labels: Int32Array.of(0, 1) };
}

function paint(pixels, box, color) {
  const [x1, y1, x2, y2] = box.map(Math.round);
  for (let y = y1; y < y2; y++) {
    for (let x = x1; x < x2; x++) pixels.set(color, (y * side + x) * 3);
  }
}

/** Mean colour of the image inside a box, px; grey where the box leaves the image. */
export function meanColor(pixels, [x1, y1, x2, y2]) {
  const sum = [0, 0, 0];
  for (let y = Math.round(y1); y < y2; y++) {
    for (let x = Math.round(x1); x < x2; x++) {
      const inside = x >= 0 && y >= 0 && x < side && y < side;
      for (let channel = 0; channel < 3; channel++) sum[channel] += inside ? pixels[(y * side + x) * 3 + channel] : 0.5;
    }
  }
  const area = (Math.ceil(x2) - Math.round(x1)) * (Math.ceil(y2) - Math.round(y1));
  return sum.map((value) => value / area);
}
