import { LadError } from "@lad/core";

/** Element types of tensors and arrays, with their names in the table of stored types. */
export const tensorTypes = {
  float32: { code: "F32", bytes: 4 },
  float64: { code: "F64", bytes: 8 },
  float16: { code: "F16", bytes: 2 },
  bfloat16: { code: "BF16", bytes: 2 },
  int64: { code: "I64", bytes: 8 },
  int32: { code: "I32", bytes: 4 },
  int16: { code: "I16", bytes: 2 },
  int8: { code: "I8", bytes: 1 },
  uint8: { code: "U8", bytes: 1 },
  bool: { code: "BOOL", bytes: 1 },
} as const;
export type TensorType = keyof typeof tensorTypes;

/** Bytes that tensors view; in the old format they follow the pickle, so they are found later. */
export type PickledStorage = {
  readonly kind: "storage";
  readonly key: string;
  readonly dtype: TensorType;
  readonly elements: number;
  bytes?: Uint8Array;
};
/** A view of a storage; offset and strides count elements. Nothing of it is allocated until it is read. */
export type PickledTensor = {
  readonly kind: "tensor";
  readonly dtype: TensorType;
  readonly shape: readonly number[];
  readonly strides: readonly number[];
  readonly offset: number;
  readonly storage: PickledStorage;
};
/** What a checkpoint can hold: lists and tuples are arrays, dictionaries Maps. */
export type PickleValue =
  | null
  | boolean
  | number
  | bigint
  | string
  | Uint8Array
  | PickleValue[]
  | Map<PickleValue, PickleValue>
  | Set<PickleValue>
  | PickledTensor;

/** Objects that exist only while a pickle is read. */
export type Unfinished =
  | { readonly kind: "global"; readonly name: string }
  | { readonly kind: "dtype"; dtype: TensorType; bigEndian: boolean }
  | { readonly kind: "array"; tensor?: PickledTensor };
export type PickleItem = PickleValue | Unfinished | PickledStorage;

/** Whether a value is one of the objects with a `kind`. */
export function isKind<K extends "tensor" | "storage" | "global" | "dtype" | "array">(
  value: PickleItem | undefined,
  kind: K,
): value is Extract<PickleItem, { kind: K }> {
  return typeof value === "object" && value !== null && "kind" in value && value.kind === kind;
}

export function isSize(value: unknown): value is number {
  return Number.isSafeInteger(value) && (value as number) >= 0;
}

/** @throws {LadError} INVALID_FILE, always. */
export function badPickle(message: string): never {
  throw new LadError("INVALID_FILE", `unpickle: ${message}`);
}
