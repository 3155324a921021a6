/** A seeded stream of random numbers whose position can be saved and restored. */
export type Random = {
  /** Uniform in [0, 1), 32 bits. */
  uniform(): number;
  /** Standard normal (Box-Muller). */
  normal(): number;
  /** Uniform integer in [0, bound). */
  integer(bound: number): number;
  save(): Uint32Array;
  load(state: Uint32Array): void;
};

/** Seeded random numbers (sfc32): the same sequence on every machine. Several seeds make independent streams: `random(seed, epoch)`. */
export function random(...seeds: readonly number[]): Random {
  const state = new Uint32Array([0x9e3779b9, 0x243f6a88, 0xb7e15162, 1]);
  const next = (): number => {
    const a = state[0]!;
    const b = state[1]!;
    const c = state[2]!;
    const counter = state[3]!;
    const sum = (a + b + counter) >>> 0;
    state[3] = counter + 1;
    state[0] = b ^ (b >>> 9);
    state[1] = c + (c << 3);
    state[2] = ((c << 21) | (c >>> 11)) + sum;
    return sum;
  };
  for (const seed of seeds) {
    state[0]! ^= seed >>> 0;
    state[1]! ^= Math.floor(seed / 2 ** 32) >>> 0;
    for (let round = 0; round < 12; round++) next();
  }
  const uniform = () => next() / 2 ** 32;
  return {
    uniform,
    normal: () => Math.sqrt(-2 * Math.log(1 - uniform())) * Math.cos(2 * Math.PI * uniform()),
    integer: (bound) => Math.floor(uniform() * bound),
    save: () => state.slice(),
    load: (saved) => state.set(saved),
  };
}
