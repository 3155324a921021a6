type Numbers = Float64Array | Int32Array | Uint8Array;

/** The same object with all its typed arrays in memory that threads share. */
export function inSharedMemory<Value>(value: Value): Value {
  if (isNumbers(value)) return sharedCopy(value) as Value;
  if (typeof value !== "object" || value === null || Array.isArray(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, inSharedMemory(item)])) as Value;
}

function sharedCopy(values: Numbers): Numbers {
  const SameType = values.constructor as new (buffer: SharedArrayBuffer) => Numbers;
  const copy = new SameType(new SharedArrayBuffer(values.byteLength));
  copy.set(values);
  return copy;
}

function isNumbers(value: unknown): value is Numbers {
  return value instanceof Float64Array || value instanceof Int32Array || value instanceof Uint8Array;
}
