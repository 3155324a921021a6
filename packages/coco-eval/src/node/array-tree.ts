type Numbers = Float64Array | Int32Array | Uint8Array;

/** The memory of all typed arrays in an object, to be handed to another thread; shared memory stays where it is. */
export function buffersOf(value: unknown): ArrayBuffer[] {
  if (ArrayBuffer.isView(value)) return value.buffer instanceof ArrayBuffer ? [value.buffer] : [];
  if (typeof value !== "object" || value === null) return [];
  return Object.values(value).flatMap(buffersOf);
}

/** The same object with all its typed arrays in memory that threads share. */
export function inSharedMemory<Value>(value: Value): Value {
  if (isNumbers(value)) return sharedCopy([value]) as Value;
  if (typeof value !== "object" || value === null || Array.isArray(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, inSharedMemory(item)])) as Value;
}

/** Arrays of one type, one after the other, in shared memory. */
export function sharedCopy<List extends Numbers>(parts: readonly List[]): List {
  const length = parts.reduce((sum, part) => sum + part.length, 0);
  const [first] = parts as readonly [List];
  const SameType = first.constructor as new (buffer: SharedArrayBuffer) => List;
  const joined = new SameType(new SharedArrayBuffer(length * first.BYTES_PER_ELEMENT));
  let at = 0;
  for (const part of parts) {
    joined.set(part, at);
    at += part.length;
  }
  return joined;
}

function isNumbers(value: unknown): value is Numbers {
  return value instanceof Float64Array || value instanceof Int32Array || value instanceof Uint8Array;
}
