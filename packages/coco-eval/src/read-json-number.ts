import { type JsonCursor, jsonError } from "./json-cursor";

const ZERO = 0x30;
const POINT = 0x2e;
const MINUS = 0x2d;
/** Powers of ten that doubles hold exactly. */
const powers = Float64Array.from({ length: 23 }, (_, exponent) => Number(`1e${exponent}`));

/**
 * Reads the JSON number at the cursor (white space before it already passed): the double that `JSON.parse` gives, bit for bit.
 *
 * Up to 15 digits and a power of ten that is exact need one correctly rounded operation. Up to 30 digits are divided in
 * double-double arithmetic, which is taken only when its error cannot change the rounding. The rest goes through `Number`.
 * @throws {LadError} INVALID_FILE if no number stands there; NON_FINITE for NaN or Infinity.
 */
export function readJsonNumber(cursor: JsonCursor): number {
  const { bytes, position: start } = cursor;
  let position = start;
  const negative = bytes[position] === MINUS;
  if (negative) position++;
  let high = 0; // the first 15 significant digits
  let low = 0; // the next 15
  let digits = 0; // significant ones so far
  let fractionDigits = 0;
  const first = bytes[position]! - ZERO;
  if (!(first >= 0 && first <= 9)) throw jsonError(cursor, "wanted a number");
  for (let digit = first; digit >= 0 && digit <= 9; digit = bytes[++position]! - ZERO) {
    if (digits < 15) high = high * 10 + digit;
    else low = low * 10 + digit;
    if (digits > 0 || digit > 0) digits++;
  }
  if (first === 0 && position - start > (negative ? 2 : 1))
    throw jsonError(cursor, "wanted a number without leading 0");
  if (bytes[position] === POINT) {
    const pointAt = position++;
    for (let digit = bytes[position]! - ZERO; digit >= 0 && digit <= 9; digit = bytes[++position]! - ZERO) {
      if (digits < 15) high = high * 10 + digit;
      else low = low * 10 + digit;
      if (digits > 0 || digit > 0) digits++;
    }
    fractionDigits = position - pointAt - 1;
    if (fractionDigits === 0) throw jsonError(cursor, "wanted digits after the decimal point");
  }
  let exponent = -fractionDigits;
  if ((bytes[position]! | 0x20) === 0x65) {
    cursor.position = position + 1;
    exponent += readExponent(cursor, start);
    position = cursor.position;
  }
  cursor.position = position;
  const magnitude = decimalToDouble(high, low, digits, exponent);
  if (magnitude >= 0) return negative ? -magnitude : magnitude;
  return Number(asciiText(bytes, start, position));
}

/** The digits after `e`; `start` is where the number began, for the message. */
function readExponent(cursor: JsonCursor, start: number): number {
  const { bytes } = cursor;
  let { position } = cursor;
  const sign = bytes[position];
  if (sign === MINUS || sign === 0x2b) position++;
  const firstAt = position;
  let exponent = 0;
  for (let digit = bytes[position]! - ZERO; digit >= 0 && digit <= 9; digit = bytes[++position]! - ZERO) {
    exponent = Math.min(exponent * 10 + digit, 1e6);
  }
  if (position === firstAt) {
    cursor.position = start;
    throw jsonError(cursor, "wanted digits in the exponent");
  }
  cursor.position = position;
  return sign === MINUS ? -exponent : exponent;
}

/** (high · 10^(digits - 15) + low) · 10^exponent, correctly rounded, or -1 if it takes more than this arithmetic to tell. */
function decimalToDouble(high: number, low: number, digits: number, exponent: number): number {
  if (digits <= 15) {
    if (exponent < -22 || exponent > 22) return high === 0 ? 0 : -1;
    return exponent < 0 ? high / powers[-exponent]! : high * powers[exponent]!;
  }
  if (digits > 30 || exponent > 0 || exponent < -22) return -1;
  const scale = powers[digits - 15]!;
  const divisor = powers[-exponent]!;
  const product = high * scale;
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

function asciiText(bytes: Uint8Array, start: number, end: number): string {
  let text = "";
  for (let position = start; position < end; position++) text += String.fromCharCode(bytes[position]!);
  return text;
}
