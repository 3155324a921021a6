/** Powers of ten that doubles hold exactly. */
const powers = Float64Array.from({ length: 23 }, (_, exponent) => Number(`1e${exponent}`));

/**
 * (high · 10^lowDigits + low) / 10^fractionDigits, correctly rounded, or -1 if it takes more than this arithmetic to tell.
 * `high` and `low` are whole, below 10^9, and `low` below 10^lowDigits.
 *
 * What a double holds exactly needs one correctly rounded operation, if the power of ten is exact too. More digits are divided
 * in double-double arithmetic, whose result is taken only when its error cannot change the rounding.
 */
export function decimalToDouble(high: number, low: number, lowDigits: number, fractionDigits: number): number {
  if (fractionDigits > 22) return -1;
  const scale = powers[lowDigits]!;
  const product = high * scale;
  const divisor = powers[fractionDigits]!;
  if (product < 2 ** 53 - 1e9) return (product + low) / divisor;
  const head = product + low; // product + low = head + its rounding error, exactly (both are integers, product >= low)
  const tail = productError(high, scale, product) + (low - (head - product));
  const quotient = head / divisor;
  const back = quotient * divisor;
  const rest = head - back - productError(quotient, divisor, back) + tail;
  const correction = rest / divisor;
  const lower = quotient + correction * (1 - 2 ** -50);
  const upper = quotient + correction * (1 + 2 ** -50);
  return lower === upper ? lower : -1;
}

/** a · b - product, exactly (Dekker), where product is a · b rounded. */
function productError(a: number, b: number, product: number): number {
  const aSplit = a * 134217729;
  const aHigh = aSplit - (aSplit - a);
  const aLow = a - aHigh;
  const bSplit = b * 134217729;
  const bHigh = bSplit - (bSplit - b);
  const bLow = b - bHigh;
  return aHigh * bHigh - product + aHigh * bLow + aLow * bHigh + aLow * bLow;
}
