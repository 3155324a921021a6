import { Tensor } from "@tensorflow/tfjs-core";

/** All tensors inside a value: arrays, plain objects, maps and sets are searched, typed arrays and functions are not. */
export function tensorsIn(value: unknown, found: Set<Tensor> = new Set(), seen: Set<unknown> = new Set()): Set<Tensor> {
  if (typeof value !== "object" || value === null || ArrayBuffer.isView(value) || seen.has(value)) return found;
  seen.add(value);
  if (value instanceof Tensor) found.add(value);
  else if (value instanceof Map || value instanceof Set)
    for (const item of value.values()) tensorsIn(item, found, seen);
  else for (const item of Object.values(value)) tensorsIn(item, found, seen);
  return found;
}
