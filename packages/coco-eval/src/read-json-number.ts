import { decimalToDouble } from "./decimal-to-double";
import { type JsonCursor, jsonError } from "./json-cursor";

const ZERO = 0x30;
const POINT = 0x2e;
const MINUS = 0x2d;

/**
 * Reads the JSON number at the cursor (white space before it already passed): the double that `JSON.parse` gives, bit for bit.
 * Numbers of up to 18 significant digits without exponent are read here, in two whole numbers of 32 bits.
 * @throws {LadError} INVALID_FILE if no number stands there; NON_FINITE for NaN or Infinity.
 */
export function readJsonNumber(cursor: JsonCursor): number {
  const { bytes, position: start } = cursor;
  const negative = bytes[start] === MINUS;
  let position = negative ? start + 1 : start;
  const first = position;
  let high = 0; // the first 9 digits
  let low = 0; // the next 9
  let pointAt = -1;
  if (bytes[position] === ZERO) {
    const next = bytes[position + 1];
    if (next !== POINT) {
      if (isNumberPart(next)) return readOddNumber(cursor); // 0e5, or what must not begin with 0
      cursor.position = position + 1;
      return negative ? -0 : 0;
    }
    pointAt = position + 1;
    position += 2;
    while (bytes[position] === ZERO) position++;
  }
  let byte = bytes[position]!;
  let digit = byte - ZERO;
  let lastHigh = position + 9;
  while (position < lastHigh) {
    if (digit >= 0 && digit <= 9) high = (high * 10 + digit) | 0;
    else if (byte === POINT && pointAt < 0 && position > first) {
      pointAt = position;
      lastHigh++;
    } else break;
    byte = bytes[++position]!;
    digit = byte - ZERO;
  }
  const lowStart = position;
  const lastLow = position + 9;
  if (position === lastHigh && pointAt >= 0) {
    while (position < lastLow && digit >= 0 && digit <= 9) {
      low = (low * 10 + digit) | 0;
      byte = bytes[++position]!;
      digit = byte - ZERO;
    }
  }
  const fractionDigits = pointAt < 0 ? 0 : position - pointAt - 1;
  const isOdd = position === first || (pointAt >= 0 && fractionDigits === 0);
  if (isOdd || (digit >= 0 && digit <= 9) || byte === POINT || (byte | 0x20) === 0x65) return readOddNumber(cursor);
  const magnitude = decimalToDouble(high, low, position - lowStart, fractionDigits);
  if (magnitude < 0) return readOddNumber(cursor);
  cursor.position = position;
  return negative ? -magnitude : magnitude;
}

const wholeNumber = /^-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][-+]?\d+)?$/;

/** Reads any JSON number, through its text. */
function readOddNumber(cursor: JsonCursor): number {
  const { bytes, position: start } = cursor;
  let position = start;
  while (isNumberPart(bytes[position])) position++;
  const text = new TextDecoder().decode(bytes.subarray(start, position));
  if (!wholeNumber.test(text)) throw jsonError(cursor, "wanted a number");
  cursor.position = position;
  return Number(text);
}

function isNumberPart(byte: number | undefined): boolean {
  if (byte === undefined) return false;
  return (byte >= ZERO && byte <= 0x39) || byte === MINUS || byte === POINT || byte === 0x2b || (byte | 0x20) === 0x65;
}
