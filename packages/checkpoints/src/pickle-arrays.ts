import {
  badPickle,
  isKind,
  isSize,
  type PickledTensor,
  type PickleItem,
  type TensorType,
  tensorTypes,
} from "./pickle-values";

const numpyTypes: ReadonlyMap<unknown, TensorType> = new Map([
  ["f4", "float32"],
  ["f8", "float64"],
  ["f2", "float16"],
  ["i8", "int64"],
  ["i4", "int32"],
  ["i2", "int16"],
  ["i1", "int8"],
  ["u1", "uint8"],
  ["b1", "bool"],
]);

/** @throws {LadError} INVALID_FILE for types other than numbers and truth values (`O8` would hold objects). */
export function typeFrom(code: PickleItem | undefined): TensorType {
  return (
    numpyTypes.get(code) ?? badPickle(`numpy type ${String(code).slice(0, 40)} is not one of ${[...numpyTypes.keys()]}`)
  );
}

/** A numpy array as a tensor that views its bytes, which must be as many as its shape says. */
export function arrayFrom(
  shape: PickleItem | undefined,
  type: PickleItem | undefined,
  fortran: boolean,
  bytes: PickleItem | undefined,
): PickledTensor {
  if (!Array.isArray(shape) || shape.length > 64 || !shape.every(isSize)) return badPickle("an array wants a shape");
  if (!isKind(type, "dtype") || !(bytes instanceof Uint8Array)) return badPickle("an array wants a dtype and bytes");
  if (type.bigEndian) return badPickle("an array is big-endian; save it on a little-endian machine");
  const sides = shape as number[];
  const { dtype } = type;
  const elements = sides.reduce((product, side) => product * side, 1);
  if (elements * tensorTypes[dtype].bytes !== bytes.length)
    return badPickle(`an array of ${dtype} and shape [${sides}] has ${bytes.length} bytes`);
  const storage = { kind: "storage", key: "numpy", dtype, elements, bytes } as const;
  return { kind: "tensor", dtype, shape: sides, strides: stridesOf(sides, fortran), offset: 0, storage };
}

/** `object.__setstate__` for the few objects that have a state: arrays, their types; a dictionary's attributes are passed over. */
export function setState(target: PickleItem | undefined, state: PickleItem, spend: (count: number) => void): void {
  if (target instanceof Map) return; // torch keeps module versions in `state_dict._metadata`
  if (isKind(target, "dtype") && Array.isArray(state)) target.bigEndian = state[1] === ">";
  else if (isKind(target, "array") && Array.isArray(state))
    target.tensor = arrayFrom(state[1], state[2], state[3] === true, bytesOf(state[4], spend));
  else badPickle("a state is set on what has none");
}

/** Python 2 pickled bytes as text, a letter each. */
function bytesOf(value: PickleItem | undefined, spend: (count: number) => void): PickleItem | undefined {
  if (typeof value !== "string") return value;
  spend(value.length);
  return new Uint8Array(Buffer.from(value, "latin1"));
}

function stridesOf(shape: readonly number[], fortran: boolean): number[] {
  const strides = new Array<number>(shape.length).fill(1);
  const axes = shape.map((_, axis) => (fortran ? axis : shape.length - 1 - axis));
  let stride = 1;
  for (const axis of axes) {
    strides[axis] = stride;
    stride *= shape[axis]!;
  }
  return strides;
}
