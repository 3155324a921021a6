import { LadError } from "@lad/core";
import type { TensorInfo } from "@tensorflow/tfjs-core";
import type { Device } from "../device";
import { areFloats, type KernelTable, kernel, numbers, sizeOf, stepsOf } from "../kernel";
import { stridedCopy } from "./strided-copy";

/** Einstein sums of two operands as one product of matrices: batch × (left · summed) × (summed · right). */
export function einsumKernels({ addon, floats, allocate, recycle, result }: Device): KernelTable {
  /** The values with their axes in another order. */
  const arranged = (
    from: Float32Array,
    { term, order, sizes }: { term: string; order: string; sizes: ReadonlyMap<string, number> },
  ): Float32Array => {
    if (term === order) return from;
    const steps = stepsOf([...term].map((letter) => sizes.get(letter)!));
    const shape = [...order].map((letter) => sizes.get(letter)!);
    const to = allocate(from.length);
    const fromSteps = [...order].map((letter) => steps[term.indexOf(letter)]!);
    stridedCopy(addon, { from, to, shape, fromSteps, toSteps: stepsOf(shape) });
    return to;
  };
  return {
    Einsum: kernel<Record<string, TensorInfo>, { equation: string }>((inputs, { equation }) => {
      const operands = Object.values(inputs);
      const [terms, output = ""] = equation.replaceAll(" ", "").split("->");
      const [left, right] = terms!.split(",") as [string, string];
      const [a, b] = operands as [TensorInfo, TensorInfo];
      if (operands.length !== 2 || !areFloats(a, b) || !/^[a-zA-Z]*,[a-zA-Z]*$/.test(terms!)) return undefined;
      const sizes = new Map<string, number>();
      noteSizes(sizes, a, left, equation);
      noteSizes(sizes, b, right, equation);
      const all = new Set([left, right, output].map((term) => new Set(term).size === term.length));
      // repeated letters, and letters that only one operand has and the output lacks
      const lonely = [...left, ...right].some(
        (letter) => !output.includes(letter) && !(left.includes(letter) && right.includes(letter)),
      );
      if (all.has(false) || lonely || [...output].some((letter) => !sizes.has(letter))) return undefined;

      const pick = (term: string, keep: (letter: string) => boolean) => [...term].filter(keep).join("");
      const batch = pick(output, (letter) => left.includes(letter) && right.includes(letter));
      const summed = pick(left, (letter) => !output.includes(letter));
      const [rows, columns] = [pick(output, (l) => !right.includes(l)), pick(output, (l) => !left.includes(l))];
      const size = (term: string) => sizeOf([...term].map((letter) => sizes.get(letter)!));
      const product = allocate(size(batch + rows + columns));
      if (product.length > 0 && size(summed) > 0) {
        const count = size(batch);
        const first = arranged(floats(a), { term: left, order: batch + rows + summed, sizes });
        const second = arranged(floats(b), { term: right, order: batch + summed + columns, sizes });
        const shape = numbers(count, count, size(rows), size(columns), size(summed), 0, 0);
        addon.matmul(first, second, null, product, shape);
        if (first !== floats(a)) recycle(first);
        if (second !== floats(b)) recycle(second);
      } else addon.fill(product, 0);
      const made = arranged(product, { term: batch + rows + columns, order: output, sizes });
      if (made !== product) recycle(product);
      return result(
        [...output].map((letter) => sizes.get(letter)!),
        made,
      );
    }),
  };
}

function noteSizes(sizes: Map<string, number>, { shape }: TensorInfo, term: string, equation: string): void {
  const fits =
    term.length === shape.length &&
    [...term].every((letter, axis) => (sizes.get(letter) ?? shape[axis]) === shape[axis]);
  if (!fits)
    throw new LadError(
      "SHAPE_MISMATCH",
      `native Einsum: an operand of shape [${shape}] is no ${term} of "${equation}"`,
    );
  [...term].forEach((letter, axis) => {
    sizes.set(letter, shape[axis]!);
  });
}
