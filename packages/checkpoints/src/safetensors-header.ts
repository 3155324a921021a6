import { LadError } from "@lad/core";
import { type StoredType, storedTypes } from "./stored-types";

/** Where one tensor lies in a safetensors file. */
export type SafetensorsEntry = {
  readonly name: string;
  readonly type: StoredType;
  readonly shape: readonly number[];
  /** Bytes from the end of the header. */
  readonly begin: number;
  readonly end: number;
};
export type SafetensorsHeader = {
  readonly entries: readonly SafetensorsEntry[];
  readonly metadata: Readonly<Record<string, string>>;
  /** Byte of the file at which the tensors' bytes begin. */
  readonly dataStart: number;
};

const headerLimit = 100_000_000; // bytes; the reference reader's

/** Reads and checks everything that can be known before a tensor is allocated: lengths, names, types, shapes, offsets, overlaps and gaps. */
export function readSafetensorsHeader(bytes: Uint8Array): SafetensorsHeader {
  if (bytes.length < 8) fail(`wanted 8 bytes of header length, the file has ${bytes.length}`);
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const length = Number(view.getBigUint64(0, true));
  if (length > headerLimit)
    fail(`a header of ${length} bytes is announced, at most ${headerLimit} are allowed; not a safetensors file?`);
  if (8 + length > bytes.length)
    fail(`a header of ${length} bytes is announced, the file has ${bytes.length - 8} after its length; truncated?`);
  const header = parseHeader(bytes.subarray(8, 8 + length));
  const available = bytes.length - 8 - length;
  const entries = Object.entries(header)
    .filter(([name]) => name !== "__metadata__")
    .map(([name, value]) => checkedEntry(name, value, available))
    .sort((a, b) => a.begin - b.begin || a.end - b.end);
  checkContiguous(entries, available);
  return { entries, metadata: checkedMetadata(header), dataStart: 8 + length };
}

function parseHeader(bytes: Uint8Array): Record<string, unknown> {
  let header: unknown;
  try {
    header = JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(bytes));
  } catch (cause) {
    fail(`the header is not JSON in UTF-8 (${(cause as Error).message})`, cause);
  }
  if (!isObject(header)) fail("the header is not a JSON object");
  return header;
}

function checkedMetadata(header: Record<string, unknown>): Record<string, string> {
  const metadata = Object.hasOwn(header, "__metadata__") ? header.__metadata__ : {};
  if (!isObject(metadata)) fail("__metadata__ is not an object");
  for (const [key, value] of Object.entries(metadata)) {
    if (typeof value !== "string") fail(`__metadata__.${key} must be a string, got ${JSON.stringify(value)}`);
  }
  return metadata as Record<string, string>;
}

function checkedEntry(name: string, value: unknown, available: number): SafetensorsEntry {
  if (!isObject(value)) fail(`tensor ${name}: its description is not an object`);
  const { dtype, shape, data_offsets: offsets } = value;
  const type = typeof dtype === "string" ? storedTypes.get(dtype) : undefined;
  if (!type) fail(`tensor ${name}: type ${JSON.stringify(dtype)} is not one of ${[...storedTypes.keys()].join(", ")}`);
  if (!isSizes(shape)) fail(`tensor ${name}: shape ${JSON.stringify(shape)} is not a list of sizes`);
  const [begin, end] = isSizes(offsets) && offsets.length === 2 ? offsets : [];
  if (begin === undefined || end === undefined || begin > end)
    fail(`tensor ${name}: data_offsets ${JSON.stringify(offsets)} are not [begin, end]`);
  if (end > available)
    fail(`tensor ${name}: its bytes end at ${end}, the file holds ${available} bytes of tensors; truncated?`);
  const wanted = shape.reduce((product, side) => product * side, type.bytes);
  if (wanted !== end - begin)
    fail(`tensor ${name}: ${dtype} of shape [${shape}] takes ${wanted} bytes, its data_offsets hold ${end - begin}`);
  return { name, type, shape, begin, end };
}

function checkContiguous(entries: readonly SafetensorsEntry[], available: number): void {
  let position = 0;
  let previous = "the header";
  for (const { name, begin, end } of entries) {
    if (begin < position)
      fail(`tensor ${name}: its bytes from ${begin} overlap those of ${previous}, which end at ${position}`);
    if (begin > position) fail(`${begin - position} bytes between ${previous} and tensor ${name} belong to no tensor`);
    position = end;
    previous = name;
  }
  if (position !== available) fail(`${available - position} bytes after ${previous} belong to no tensor`);
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function isSizes(value: unknown): value is number[] {
  return Array.isArray(value) && value.every((side) => Number.isSafeInteger(side) && side >= 0);
}

function fail(message: string, cause?: unknown): never {
  throw new LadError("INVALID_FILE", `readSafetensors: ${message}`, { cause });
}
