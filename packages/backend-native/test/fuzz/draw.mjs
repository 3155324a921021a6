/** Numbers and arrays drawn from a seeded stream (mulberry32). Every array has a buffer of its own and of its exact size: what reads beyond it is seen by AddressSanitizer. */
export function drawFrom(seed) {
  let state = seed >>> 0;
  const uniform = () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = Math.imul(state ^ (state >>> 15), state | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  };
  const whole = (least, most) => least + Math.floor(uniform() * (most - least + 1));
  const pick = (list) => list[whole(0, list.length - 1)];
  const special = [0, -0, 1, -1, Number.NaN, Infinity, -Infinity, 1e-40, 3e38];
  const filled = (Type, count, value) => {
    const array = new Type(new ArrayBuffer(count * Type.BYTES_PER_ELEMENT));
    for (let i = 0; i < count; i++) array[i] = value();
    return array;
  };
  return {
    uniform,
    whole,
    pick,
    chance: (share) => uniform() < share,
    floats: (count) => filled(Float32Array, count, () => (uniform() < 0.05 ? pick(special) : uniform() * 8 - 4)),
    integers: (count, least = -9, most = 9) => filled(Int32Array, count, () => whole(least, most)),
    bytes: (count) => filled(Uint8Array, count, () => whole(0, 1)),
    /** The first elements of another array. */
    like: (array, count) => {
      let at = 0;
      return filled(array.constructor, count, () => array[at++]);
    },
    list: (count, least, most) => Array.from({ length: count }, () => whole(least, most)),
  };
}

export const productOf = (sizes) => sizes.reduce((product, size) => product * size, 1);

/** Elements between neighbours along each axis of a dense array. */
export const stepsOf = (sizes) => sizes.map((_, axis) => productOf(sizes.slice(axis + 1)));
