import { crc32 } from "node:zlib";
import { LadError } from "@lad/core";
import { inflateSync } from "fflate";

export type ZipEntries = {
  readonly names: readonly string[];
  /** An entry's bytes, its checksum verified; stored ones view the file. */
  read(name: string): Uint8Array;
};
type Entry = { method: number; crc: number; packed: number; size: number; header: number };

/**
 * The entries of a zip file (zip64 too), by its central directory.
 * @param spend told the bytes that an entry inflates to, before they are allocated; throws to forbid it
 * @throws {LadError} INVALID_FILE if the directory or an entry is damaged, encrypted, or of an unknown method.
 */
export function zipEntries(bytes: Uint8Array, spend: (bytes: number) => void): ZipEntries {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const entries = new Map<string, Entry>();
  let { at, count } = directory(view);
  for (; count > 0; count--) {
    if (at + 46 > bytes.length || view.getUint32(at, true) !== 0x02014b50) fail(`no directory entry at byte ${at}`);
    const [nameLength, extraLength, commentLength] = [28, 30, 32].map((offset) =>
      view.getUint16(at + offset, true),
    ) as [number, number, number];
    const end = at + 46 + nameLength + extraLength;
    if (end > bytes.length) fail("the directory is truncated");
    const name = new TextDecoder().decode(bytes.subarray(at + 46, at + 46 + nameLength));
    if (view.getUint16(at + 8, true) & 1) fail(`${name} is encrypted`);
    if (entries.has(name)) fail(`${name} is there twice`);
    entries.set(name, wide(view, at, at + 46 + nameLength, end));
    at = end + commentLength;
  }
  const read = (name: string): Uint8Array => {
    const entry = entries.get(name) ?? fail(`no entry ${name}`);
    const { header, packed, size, method, crc } = entry;
    if (header + 30 > bytes.length || view.getUint32(header, true) !== 0x04034b50) fail(`${name} has no header`);
    const start = header + 30 + view.getUint16(header + 26, true) + view.getUint16(header + 28, true);
    if (start + packed > bytes.length) fail(`${name} ends beyond the file; truncated?`);
    spend(packed); // entries may overlap: what is read and checked is counted, not only what is allocated
    const data = inflate(name, bytes.subarray(start, start + packed), method, size, spend);
    if (data.length !== size || crc32(data) !== crc) fail(`${name} does not match its size and checksum; damaged`);
    return data;
  };
  return { names: [...entries.keys()], read };
}

function inflate(
  name: string,
  packed: Uint8Array,
  method: number,
  size: number,
  spend: (bytes: number) => void,
): Uint8Array {
  if (method === 0) return packed;
  if (method !== 8) return fail(`${name} is packed by method ${method}; stored and deflated are read`);
  // deflate cannot do better than 1032:1, so what claims more is not worth allocating for
  if (size > packed.length * 1032 + 64) return fail(`${name} claims ${size} bytes from ${packed.length}`);
  spend(size);
  try {
    return inflateSync(packed, { out: new Uint8Array(size) });
  } catch (cause) {
    return fail(`${name} cannot be inflated: ${(cause as Error).message}`);
  }
}

/** Where the directory begins and how many entries it has. */
function directory(view: DataView): { at: number; count: number } {
  const length = view.byteLength;
  let end = length - 22;
  while (end >= 0 && end > length - 65558 && view.getUint32(end, true) !== 0x06054b50) end--;
  if (end < 0 || view.getUint32(end, true) !== 0x06054b50) fail("no end of the directory; truncated?");
  const short = { count: view.getUint16(end + 10, true), at: view.getUint32(end + 16, true) };
  if (short.count !== 0xffff && short.at !== 0xffffffff) return short;
  const locator = end - 20;
  if (locator < 0 || view.getUint32(locator, true) !== 0x07064b50) return short;
  const record = Number(view.getBigUint64(locator + 8, true));
  if (record + 56 > length || view.getUint32(record, true) !== 0x06064b50) fail("no zip64 end of the directory");
  return { count: Number(view.getBigUint64(record + 32, true)), at: Number(view.getBigUint64(record + 48, true)) };
}

/** An entry's sizes, those that do not fit 32 bits from its zip64 field. */
function wide(view: DataView, at: number, extra: number, end: number): Entry {
  const entry = {
    method: view.getUint16(at + 10, true),
    crc: view.getUint32(at + 16, true),
    packed: view.getUint32(at + 20, true),
    size: view.getUint32(at + 24, true),
    header: view.getUint32(at + 42, true),
  };
  for (let field = extra; field + 4 <= end; field += 4 + view.getUint16(field + 2, true)) {
    if (view.getUint16(field, true) !== 1) continue;
    let value = field + 4;
    for (const key of ["size", "packed", "header"] as const) {
      if (entry[key] !== 0xffffffff) continue;
      if (value + 8 > end) fail("a zip64 field is truncated");
      entry[key] = Number(view.getBigUint64(value, true));
      value += 8;
    }
  }
  return entry;
}

function fail(message: string): never {
  throw new LadError("INVALID_FILE", `zipEntries: ${message}`);
}
