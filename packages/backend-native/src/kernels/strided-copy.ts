import type { Addon } from "../addon";
import type { Values } from "../device";
import { numbers, sizeOf } from "../kernel";

/** What a strided copy reads and writes: elements `at` + steps. */
export type Copy = {
  readonly from: Values;
  readonly to: Values;
  readonly shape: readonly number[];
  readonly fromAt?: number;
  readonly fromSteps: readonly number[];
  readonly toAt?: number;
  readonly toSteps: readonly number[];
};

/** Copies a block of `shape` between two arrays of one kind, each with its own steps. */
export function stridedCopy(addon: Addon, { from, to, shape, fromAt = 0, fromSteps, toAt = 0, toSteps }: Copy): void {
  if (sizeOf([...shape]) > 0) addon.copy(from, to, numbers(shape.length, fromAt, toAt, shape, fromSteps, toSteps));
}
