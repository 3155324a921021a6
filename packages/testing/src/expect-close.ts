import type { NdArray, TypedArray } from "@lad/core";

/**
 * Asserts `|actual - expected| ≤ absolute + relative · |expected|` everywhere and equal shapes; NaN equals NaN only.
 * @throws {Error} naming the worst index, both values, and the largest absolute and relative errors.
 */
export function expectClose(
  actual: NdArray<TypedArray>,
  expected: NdArray<TypedArray>,
  {
    relative = 1e-4,
    absolute = 1e-5,
    name = "values",
  }: { readonly relative?: number; readonly absolute?: number; readonly name?: string } = {},
): void {
  if (`${actual.shape}` !== `${expected.shape}`)
    throw new Error(`${name}: shape [${actual.shape}], expected [${expected.shape}]`);
  let worst = -1;
  let excess = 0;
  let maxAbsolute = 0;
  let maxRelative = 0;
  for (let i = 0; i < expected.data.length; i++) {
    const [a, e] = [actual.data[i]!, expected.data[i]!];
    if (Object.is(a, e) || a === e) continue;
    const difference = Number.isFinite(a) && Number.isFinite(e) ? Math.abs(a - e) : Number.POSITIVE_INFINITY;
    maxAbsolute = Math.max(maxAbsolute, difference);
    maxRelative = Math.max(maxRelative, difference / Math.max(Math.abs(e), 1e-30));
    const over = difference - (absolute + relative * Math.abs(e));
    if (over > excess) [worst, excess] = [i, over];
  }
  if (worst < 0) return;
  throw new Error(
    `${name}: at ${worst} of ${expected.data.length} got ${actual.data[worst]}, expected ${expected.data[worst]}; ` +
      `largest error ${maxAbsolute} absolute, ${maxRelative} relative; allowed ${absolute} + ${relative}·|expected|`,
  );
}
