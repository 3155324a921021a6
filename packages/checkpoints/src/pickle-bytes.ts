import { badPickle } from "./pickle-values";

/** A cursor over a pickle; every length is checked against the bytes that are there. */
export type PickleBytes = {
  readonly position: () => number;
  readonly take: (count: number) => Uint8Array;
  readonly unsigned: (bytes: 1 | 2 | 4 | 8) => number;
  readonly int32: () => number;
  readonly float64: () => number;
  readonly text: (count: number) => string;
  /** Text of Python 2: a letter per byte. */
  readonly latin1: (count: number) => string;
  /** Up to the next line feed, without it. */
  readonly line: () => string;
  /** Little-endian two's complement. */
  readonly integer: (count: number) => number | bigint;
};

const longestInteger = 256; // bytes: decimal conversion takes quadratic time

export function pickleBytes(bytes: Uint8Array, start: number): PickleBytes {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const decoder = new TextDecoder("utf-8", { ignoreBOM: true });
  let at = start;
  const skip = (count: number): number => {
    if (count > bytes.length - at)
      badPickle(`${count} bytes are announced at byte ${at}, ${bytes.length - at} are left; truncated?`);
    at += count;
    return at - count;
  };
  const take = (count: number): Uint8Array => {
    const from = skip(count);
    return bytes.subarray(from, from + count);
  };
  return {
    position: () => at,
    take,
    unsigned: (count) => {
      const from = skip(count);
      if (count === 1) return view.getUint8(from);
      if (count === 2) return view.getUint16(from, true);
      return count === 4 ? view.getUint32(from, true) : Number(view.getBigUint64(from, true));
    },
    int32: () => view.getInt32(skip(4), true),
    float64: () => view.getFloat64(skip(8), false),
    text: (count) => decoder.decode(take(count)),
    latin1: (count) => {
      const { buffer, byteOffset, length } = take(count);
      return Buffer.from(buffer, byteOffset, length).toString("latin1");
    },
    line: () => {
      const end = bytes.indexOf(10, at);
      if (end < 0) return badPickle(`no end of the line from byte ${at}`);
      const text = decoder.decode(take(end - at));
      at++;
      return text;
    },
    integer: (count) => {
      if (count > longestInteger) badPickle(`an integer of ${count} bytes at byte ${at}`);
      let value = 0n;
      const digits = take(count);
      for (let i = count - 1; i >= 0; i--) value = (value << 8n) | BigInt(digits[i]!);
      return smallest(count > 0 && digits[count - 1]! > 127 ? value - (1n << BigInt(8 * count)) : value);
    },
  };
}

/** Decimal text of protocol 0, `01` and `00` being its truth values, `L` its mark of long ones. */
export function decimal(text: string): number | bigint | boolean {
  if (text === "01" || text === "00") return text === "01";
  const match = /^(-?\d{1,600})L?$/.exec(text.trim());
  return match ? smallest(BigInt(match[1]!)) : badPickle(`${JSON.stringify(text.slice(0, 40))} is no integer`);
}

function smallest(value: bigint): number | bigint {
  const number = Number(value);
  return Number.isSafeInteger(number) ? number : value;
}
