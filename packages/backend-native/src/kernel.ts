import { type TensorInfo, util } from "@tensorflow/tfjs-core";

/** A kernel of this engine; undefined: the plain one is to do it (a type or an option that is not worth native code). */
export type NativeKernel = (call: { inputs: object; attrs: object }) => TensorInfo | TensorInfo[] | undefined;
export type KernelTable = Readonly<Record<string, NativeKernel>>;

/** A kernel with its inputs and attributes named and typed; tfjs hands them over as open records. */
export function kernel<Inputs extends object, Attributes extends object = object>(
  compute: (inputs: Inputs, attributes: Attributes) => TensorInfo | TensorInfo[] | undefined,
): NativeKernel {
  return ({ inputs, attrs }) => compute(inputs as Inputs, attrs as Attributes);
}

/** All kernels of several tables; where tables share a name, the earlier one is asked first. */
export function joinTables(tables: readonly KernelTable[]): KernelTable {
  const joined: Record<string, NativeKernel> = {};
  for (const [name, native] of tables.flatMap((table) => Object.entries(table))) {
    const first = joined[name];
    joined[name] = first ? (call) => first(call) ?? native(call) : native;
  }
  return joined;
}

export const sizeOf = util.sizeFromShape;

export function areFloats(...tensors: TensorInfo[]): boolean {
  return tensors.every(({ dtype }) => dtype === "float32");
}

/** Elements between neighbours along each axis of a dense array. */
export function stepsOf(shape: readonly number[]): number[] {
  const steps = new Array<number>(shape.length);
  let step = 1;
  for (let axis = shape.length - 1; axis >= 0; axis--) {
    steps[axis] = step;
    step *= shape[axis]!;
  }
  return steps;
}

const shared = new Int32Array(64);

/** Numbers for the add-on, in an array that is used again by the next call. */
export function numbers(...groups: (number | readonly number[])[]): Int32Array {
  let at = 0;
  for (const group of groups) {
    if (typeof group === "number") shared[at++] = group;
    else for (const number of group) shared[at++] = number;
  }
  return shared;
}
