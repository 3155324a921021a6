import type { NdArray, NdRecord, TypedArray } from "@lad/core";
import { openPickled, type PickledFile, type PickledOptions } from "./open-pickled";
import { badPickle, isKind, type PickledTensor, type PickleValue } from "./pickle-values";
import type { Checkpoint } from "./read-safetensors";
import { narrowed } from "./read-tensor";

export type TorchCheckpoint = Checkpoint & {
  /** State of an optimiser saved with the parameters: its tensors, and its numbers and texts, by dotted paths (`state.0.momentum_buffer`). */
  readonly optimizer?: Checkpoint;
};

/** What a file holds at a dotted path: dictionaries are entered, lists only if they hold tensors or dictionaries. */
export type PickledEntry = readonly [path: string, value: PickledTensor | PickleValue];

/**
 * Reads the parameters of a PyTorch file: a plain state dictionary, or mmdetection's `{ state_dict, meta, optimizer }`. Nested dictionaries
 * get dotted names. `metadata` holds the numbers and texts beside the parameters; values that are neither text nor number are JSON.
 * float16 and bfloat16 become float32, int64 32 bits if its values fit, else float64.
 * @throws {LadError} INVALID_FILE naming a forbidden global, what is damaged, or an integer beyond 2^53.
 */
export function readTorchCheckpoint(bytes: Uint8Array, options: PickledOptions = {}): TorchCheckpoint {
  return fromFile(openPickled(bytes, options), "state_dict");
}

/** Reads a detectron2 pickle, `{ model: { name: numpy array } }`; see `readTorchCheckpoint`. */
export function readDetectron2Checkpoint(bytes: Uint8Array, options: PickledOptions = {}): TorchCheckpoint {
  return fromFile(openPickled(bytes, options), "model");
}

/** Everything in a file by dotted path, tensors unread. */
export function pickledEntries(root: PickleValue, prefix = ""): PickledEntry[] {
  const entries: PickledEntry[] = [];
  let left = 2_000_000; // shared containers are entered each time, so a small file could have many
  const spend = (count: number): void => {
    left -= count;
    if (left < 0) badPickle("more entries than a checkpoint has (two million)");
  };
  walk(root, prefix, 0, (path, value) => void entries.push([path, value]), spend);
  return entries;
}

function fromFile({ root, read }: PickledFile, preferred: "state_dict" | "model"): TorchCheckpoint {
  if (!(root instanceof Map)) return badPickle("a checkpoint is a dictionary");
  const key = [preferred, "state_dict", "model"].find((name) => root.get(name) instanceof Map);
  const content = (entries: readonly PickledEntry[]): Checkpoint => {
    const tensors: [string, NdArray<TypedArray>][] = [];
    const metadata: [string, string][] = [];
    for (const [path, value] of entries) {
      if (isKind(value, "tensor")) tensors.push([path, narrowed(read(value, path), path)]);
      else metadata.push([path, asText(value)]);
    }
    return { tensors: Object.fromEntries(tensors) as NdRecord, metadata: Object.fromEntries(metadata) };
  };
  if (key === undefined) return content(pickledEntries(root));
  const rest = new Map([...root].filter(([name]) => name !== key && name !== "optimizer" && name !== "meta"));
  const notes = [...pickledEntries(rest), ...pickledEntries(root.get("meta") ?? new Map())];
  const params = content(pickledEntries(root.get(key)!));
  const metadata = { ...content(notes.filter(([, value]) => !isKind(value, "tensor"))).metadata, ...params.metadata };
  const optimizer = root.get("optimizer");
  return {
    tensors: params.tensors,
    metadata,
    ...(optimizer instanceof Map ? { optimizer: content(pickledEntries(optimizer)) } : {}),
  };
}

type Visit = (path: string, value: PickleValue) => void;

function walk(value: PickleValue, path: string, depth: number, visit: Visit, spend: (count: number) => void): void {
  spend(Array.isArray(value) ? 1 + value.length : 1);
  if (path.length > 4096) badPickle(`a name of ${path.length} letters`);
  if (depth > 64) badPickle(`${path.slice(0, 80)} is nested deeper than 64`);
  const below = (name: string | number) => (path === "" ? String(name) : `${path}.${name}`);
  if (value instanceof Map) {
    for (const [key, item] of value) {
      if (typeof key !== "string" && typeof key !== "number")
        badPickle(`${path.slice(0, 80)} has a key that is no name`);
      walk(item, below(key as string), depth + 1, visit, spend);
    }
  } else if (
    Array.isArray(value) &&
    value.some((item) => item instanceof Map || isKind(item, "tensor") || isKind(item, "array"))
  ) {
    for (const [index, item] of value.entries()) walk(item, below(index), depth + 1, visit, spend);
  } else if (isKind(value, "array")) {
    visit(path, (value as { tensor?: PickledTensor }).tensor ?? badPickle(`array ${path.slice(0, 80)} has no content`));
  } else visit(path, value);
}

/** Texts and numbers as they are, the rest as JSON; sizes are those of the file, shared lists cut. */
function asText(value: PickleValue): string {
  if (typeof value === "string") return value;
  if (value === null || typeof value !== "object") return String(value);
  if (value instanceof Uint8Array) return `${value.length} bytes`;
  const items = value instanceof Set || Array.isArray(value) ? [...value] : [];
  return JSON.stringify(items.map((item) => (isPlain(item) ? item : typeof item)));
}

function isPlain(value: PickleValue): boolean {
  if (typeof value === "string") return value.length <= 64; // one long text may be in many lists
  return value === null || ["number", "boolean"].includes(typeof value);
}
