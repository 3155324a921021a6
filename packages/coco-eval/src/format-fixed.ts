/** Python's `"{:.<digits>f}"`: like `toFixed`, but exact ties go to the even digit. */
export function formatFixed(value: number, digits: number): string {
  const ties = Math.abs(value) * 2 ** (digits + 1); // only an odd multiple of 2^-(digits + 1) lies half-way
  if (ties % 2 !== 1) return value.toFixed(digits);
  const scaled = Math.abs(value) * 10 ** digits;
  const below = Math.floor(scaled);
  const even = below % 2 === 0 ? below : below + 1;
  return `${value < 0 ? "-" : ""}${(even / 10 ** digits).toFixed(digits)}`;
}
