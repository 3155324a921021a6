import type { NdArray, NdRecord, TypedArray } from "@lad/core";
import type { Param, Params } from "@lad/tensor";
import { torchShape } from "./torch-layout";

export type CompareParamsOptions = {
  /** Only entries whose names begin so are looked at, without it: `"student."`. */
  readonly prefix?: string;
  /** Names (without the prefix) that are neither loaded nor missed nor unexpected. */
  readonly ignore?: (name: string) => boolean;
};
/** Shapes are in torch layout. */
export type MismatchedParam = {
  readonly name: string;
  readonly wanted: readonly number[];
  readonly got: readonly number[];
};
export type LoadReport = {
  /** Parameters of the network that the record lacks. */
  readonly missing: readonly string[];
  /** Entries of the record that the network lacks. */
  readonly unexpected: readonly string[];
  readonly mismatched: readonly MismatchedParam[];
};

/**
 * How a record in torch names and layout fits a network, every name of it; nothing is touched.
 * `num_batches_tracked`, which torch keeps for every batch norm and no computation here needs, is passed over.
 */
export function compareParams(
  params: Params,
  record: NdRecord,
  { prefix = "", ignore = () => false }: CompareParamsOptions = {},
): LoadReport {
  const stored = Object.keys(record)
    .filter((name) => name.startsWith(prefix))
    .map((name) => name.slice(prefix.length));
  const wanted = [...params].filter(([name]) => !ignore(name));
  return {
    missing: wanted.filter(([name]) => !Object.hasOwn(record, prefix + name)).map(([name]) => name),
    unexpected: stored.filter((name) => !params.has(name) && !ignore(name) && !isCounter(name)),
    mismatched: wanted.flatMap(([name, param]) =>
      Object.hasOwn(record, prefix + name) ? mismatch(name, param, record[prefix + name]!) : [],
    ),
  };
}

function isCounter(name: string): boolean {
  return name === "num_batches_tracked" || name.endsWith(".num_batches_tracked");
}

function mismatch(name: string, { variable, layout }: Param, { shape }: NdArray<TypedArray>): MismatchedParam[] {
  const wanted = torchShape(variable.shape, layout);
  return `${wanted}` === `${shape}` && wanted.length === shape.length ? [] : [{ name, wanted, got: shape }];
}
