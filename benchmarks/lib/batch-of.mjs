/** A batch as detectors take it, of `makeInput`'s record; images stay on the host. */
export function batchOf(record) {
  const [count, height, width] = record.images.shape;
  const size = { height, width };
  const each = (entry) => Array.from({ length: count }, (_, image) => entry(image));
  return {
    ids: each((image) => `${image}`),
    images: record.images,
    sizes: each(() => ({ image: size, padded: size, original: size, scale: [1, 1], flipped: false })),
    boxes: each((image) => record[`boxes.${image}`]),
    labels: each((image) => record[`labels.${image}`].data),
    ignoreBoxes: each(() => ({ data: new Float32Array(0), shape: [0, 4] })),
  };
}
