import { arrayFrom, typeFrom } from "./pickle-arrays";
import {
  badPickle,
  isKind,
  isSize,
  type PickledTensor,
  type PickleItem,
  type PickleValue,
  type TensorType,
} from "./pickle-values";

/** Counts what a file makes us build; throws beyond what its size explains. */
export type Spend = (count: number) => void;
type Build = (args: PickleItem[], spend: Spend) => PickleItem;

const tensor: Build = ([storage, offset, size, stride]) => {
  const [shape, strides] = [size, stride];
  if (!isKind(storage, "storage") || !isSize(offset) || !isSizes(shape) || !isSizes(strides))
    return badPickle("a tensor wants a storage, an offset, sizes and strides");
  if (shape.length !== strides.length) return badPickle(`a tensor of shape [${shape}] has strides [${strides}]`);
  return { kind: "tensor", dtype: storage.dtype, shape, strides, offset, storage } satisfies PickledTensor;
};
const set: Build = ([items = []], spend) => {
  if (!Array.isArray(items)) return badPickle("a set wants a list");
  spend(items.length);
  return new Set(items);
};
const orderedDict: Build = ([items = []], spend) => {
  if (!Array.isArray(items)) return badPickle("an OrderedDict wants a list of pairs");
  spend(items.length);
  return new Map(
    items.map((pair) => (Array.isArray(pair) && pair.length === 2 ? pair : badPickle("a pair is no pair"))) as [
      PickleValue,
      PickleValue,
    ][],
  );
};
/** How protocols below 3 write bytes: `_codecs.encode(text, "latin1")`. */
const encode: Build = ([text, encoding], spend) => {
  if (typeof text !== "string" || encoding !== "latin1") return badPickle("_codecs.encode is only known for latin1");
  spend(text.length);
  return Uint8Array.from({ length: text.length }, (_, i) => {
    const code = text.charCodeAt(i);
    return code < 256 ? code : badPickle("_codecs.encode: text beyond latin1");
  });
};
const emptyBytes: Build = (args) => (args.length === 0 ? new Uint8Array(0) : badPickle("bytes() wants no argument"));
const tuple: Build = ([items = []]) => (Array.isArray(items) ? items : badPickle("torch.Size wants a tuple"));
const array: Build = () => ({ kind: "array" });

const builds: ReadonlyMap<string, Build> = new Map([
  ["torch._utils._rebuild_tensor", tensor],
  ["torch._utils._rebuild_tensor_v2", tensor],
  [
    "torch._utils._rebuild_parameter",
    ([data]) => (isKind(data, "tensor") ? data : badPickle("a Parameter wants a tensor")),
  ],
  ["torch.Size", tuple],
  ["collections.OrderedDict", orderedDict],
  ["__builtin__.set", set],
  ["builtins.set", set],
  ["__builtin__.frozenset", set],
  ["builtins.frozenset", set],
  ["__builtin__.bytes", emptyBytes],
  ["builtins.bytes", emptyBytes],
  ["_codecs.encode", encode],
  ["numpy.dtype", ([code]) => ({ kind: "dtype", dtype: typeFrom(code), bigEndian: false })],
  ...["numpy.core", "numpy._core"].flatMap((core): [string, Build][] => [
    [`${core}.multiarray._reconstruct`, array],
    [`${core}.numeric._frombuffer`, ([bytes, dtype, shape, order]) => arrayFrom(shape, dtype, order === "F", bytes)],
    [`${core}.multiarray.scalar`, ([dtype, bytes]) => arrayFrom([], dtype, false, bytes)],
  ]),
]);

/** Classes that are only ever named, never called. */
const storageTypes: ReadonlyMap<string, TensorType> = new Map([
  ["torch.FloatStorage", "float32"],
  ["torch.DoubleStorage", "float64"],
  ["torch.HalfStorage", "float16"],
  ["torch.BFloat16Storage", "bfloat16"],
  ["torch.LongStorage", "int64"],
  ["torch.IntStorage", "int32"],
  ["torch.ShortStorage", "int16"],
  ["torch.CharStorage", "int8"],
  ["torch.ByteStorage", "uint8"],
  ["torch.BoolStorage", "bool"],
]);

/** The element type of a persistent id's storage class. */
export function storageType(value: PickleItem | undefined): TensorType | undefined {
  return isKind(value, "global") ? storageTypes.get(value.name) : undefined;
}

/** @throws {LadError} INVALID_FILE naming the global and its byte, if it is none of the few that build plain data. */
export function globalAt(module: string, name: string, position: number): PickleItem {
  const full = `${module}.${name}`;
  if (builds.has(full) || storageTypes.has(full) || full === "numpy.ndarray") return { kind: "global", name: full };
  return badPickle(
    `forbidden global ${full.slice(0, 200)} at byte ${position}; only tensors, arrays and plain containers are read, nothing was executed`,
  );
}

/** What the pickle's call of a global stands for. */
export function construct(callee: PickleItem, args: PickleItem, position: number, spend: Spend): PickleItem {
  const build = isKind(callee, "global") ? builds.get(callee.name) : undefined;
  if (!build || !Array.isArray(args)) return badPickle(`a call of what cannot be called at byte ${position}`);
  return build(args, spend);
}

function isSizes(value: unknown): value is number[] {
  return Array.isArray(value) && value.length <= 64 && value.every(isSize);
}
