import {
  badPickle,
  isSize,
  type PickledStorage,
  type PickledTensor,
  type PickleValue,
  tensorTypes,
} from "./pickle-values";
import { type ExactArray, readTensor } from "./read-tensor";
import { unpickle } from "./unpickle";
import { zipEntries } from "./zip-entries";

export type PickledOptions = {
  /** Bytes that reading may allocate beyond six times the file's own: expanded views, shared storages read more than once, deflated entries. */
  readonly maxExpandedBytes?: number;
};
/** A file's content as it is, tensors unread. */
export type PickledFile = {
  readonly root: PickleValue;
  /** A tensor of `root`, its values exact; `name` is for messages. */
  read(tensor: PickledTensor, name: string): ExactArray;
};

const legacyMagic = 0x1950a86a20f9469cfc6cn;

/**
 * Opens a PyTorch file (zip, or the format before 1.6) or a plain pickle of numpy arrays, recognised by content. Nothing in it is executed.
 * @throws {LadError} INVALID_FILE naming a forbidden global and its byte, or what is damaged.
 */
export function openPickled(bytes: Uint8Array, { maxExpandedBytes = 2 ** 26 }: PickledOptions = {}): PickledFile {
  let left = 6 * bytes.length + maxExpandedBytes;
  const spend = (count: number): void => {
    left -= count;
    if (!(left >= 0))
      badPickle(
        `the file of ${bytes.length} bytes expands beyond maxExpandedBytes (${maxExpandedBytes}); raise it if you trust the file`,
      );
  };
  const root = isZip(bytes) ? openZip(bytes, spend) : openStream(bytes);
  return { root, read: (tensor, name) => readTensor(tensor, name, spend) };
}

/** Whether a file begins as zip files do. */
function isZip(bytes: Uint8Array): boolean {
  return bytes[0] === 0x50 && bytes[1] === 0x4b && bytes[2] === 3 && bytes[3] === 4;
}

function openZip(bytes: Uint8Array, spend: (bytes: number) => void): PickleValue {
  const zip = zipEntries(bytes, spend);
  const pickles = zip.names.filter((name) => /^([^/]+\/)?data\.pkl$/.test(name));
  if (pickles.length !== 1) return badPickle(`a PyTorch zip has one data.pkl, this one ${pickles.length}`);
  const folder = pickles[0]!.slice(0, -"data.pkl".length);
  const order = `${folder}byteorder`;
  if (zip.names.includes(order) && new TextDecoder().decode(zip.read(order)) !== "little")
    badPickle("the file is big-endian; save it on a little-endian machine");
  const { value, storages } = unpickle(zip.read(pickles[0]!));
  for (const storage of storages.values()) storage.bytes = zip.read(`${folder}data/${storage.key}`);
  return value;
}

function openStream(bytes: Uint8Array): PickleValue {
  const first = unpickle(bytes);
  if (first.value !== legacyMagic) {
    if (first.storages.size > 0) badPickle("tensors without torch's file around them");
    return first.value;
  }
  const protocol = unpickle(bytes, first.end);
  if (protocol.value !== 1001) badPickle(`PyTorch's old format has version 1001, this file ${String(protocol.value)}`);
  const system = unpickle(bytes, protocol.end);
  if (system.value instanceof Map && system.value.get("little_endian") === false) badPickle("the file is big-endian");
  const content = unpickle(bytes, system.end);
  const keys = unpickle(bytes, content.end);
  if (!Array.isArray(keys.value)) return badPickle("the old format lists its storages");
  placeStorages(bytes, keys.end, keys.value, content.storages);
  return content.value;
}

/** Storages follow in the list's order, each behind its number of elements. */
function placeStorages(
  bytes: Uint8Array,
  start: number,
  keys: PickleValue[],
  storages: ReadonlyMap<string, PickledStorage>,
): void {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  let at = start;
  for (const key of keys) {
    const storage =
      storages.get(String(key)) ?? badPickle(`storage ${String(key).slice(0, 40)} is listed and not used`);
    const elements = at + 8 <= bytes.length ? Number(view.getBigInt64(at, true)) : -1;
    const end = at + 8 + elements * tensorTypes[storage.dtype].bytes;
    if (!isSize(elements) || elements !== storage.elements || end > bytes.length)
      badPickle(
        `storage ${storage.key} wants ${storage.elements} elements, the file has ${elements} at byte ${at}; truncated?`,
      );
    storage.bytes = bytes.subarray(at + 8, end);
    at = end;
  }
}
