import { decimalToDouble } from "./decimal-to-double";
import { type JsonCursor, jsonError } from "./json-cursor";

const ZERO = 0x30;
const POINT = 0x2e;
const MINUS = 0x2d;

/**
 * Reads any JSON number: 15 digits and the next 15 one by one, an exponent, and through `Number` what arithmetic cannot settle.
 * @throws {LadError} INVALID_FILE if no number stands there; NON_FINITE for NaN or Infinity.
 */
export function readAnyJsonNumber(cursor: JsonCursor): number {
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
  const magnitude = decimalToDouble(high, low, Math.max(0, digits - 15), exponent);
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

function asciiText(bytes: Uint8Array, start: number, end: number): string {
  let text = "";
  for (let position = start; position < end; position++) text += String.fromCharCode(bytes[position]!);
  return text;
}
