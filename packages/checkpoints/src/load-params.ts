import { LadError, type NdArray, type NdRecord, type TypedArray } from "@lad/core";
import type { Param, Params } from "@lad/tensor";
import * as tf from "@tensorflow/tfjs-core";
import { fromTorchLayout, torchShape } from "./torch-layout";

export type LoadParamsOptions = {
  /** Whether every parameter must be in the record with its shape, and nothing else. */
  readonly strict?: boolean;
  /** Only entries whose names begin so are read, without it: `"student."`. */
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
 * Loads a record in torch names and layout into a network's parameters; types other than float32 are converted.
 * `num_batches_tracked`, which torch keeps for every batch norm and no computation here needs, is passed over.
 * @throws {LadError} CHECKPOINT_MISMATCH if `strict` and anything does not fit; no parameter is touched then.
 */
export function loadParams(
  params: Params,
  record: NdRecord,
  { strict = true, prefix = "", ignore = () => false }: LoadParamsOptions = {},
): LoadReport {
  const stored = new Map(
    Object.entries(record)
      .filter(([name]) => name.startsWith(prefix))
      .map(([name, array]): [string, NdArray<TypedArray>] => [name.slice(prefix.length), array]),
  );
  const wanted = [...params].filter(([name]) => !ignore(name));
  const matched = wanted.filter(([name]) => stored.has(name));
  const mismatched = matched.flatMap(([name, param]) => mismatch(name, param, stored.get(name)!));
  const report: LoadReport = {
    missing: wanted.filter(([name]) => !stored.has(name)).map(([name]) => name),
    unexpected: [...stored.keys()].filter((name) => !params.has(name) && !ignore(name) && !isCounter(name)),
    mismatched,
  };
  if (strict && report.missing.length + report.unexpected.length + mismatched.length > 0)
    throw misfit(report, params.size);
  const unfit = new Set(mismatched.map(({ name }) => name));
  for (const [name, param] of matched) if (!unfit.has(name)) assign(param, stored.get(name)!);
  return report;
}

function isCounter(name: string): boolean {
  return name === "num_batches_tracked" || name.endsWith(".num_batches_tracked");
}

function mismatch(name: string, { variable, layout }: Param, { shape }: NdArray<TypedArray>): MismatchedParam[] {
  const wanted = torchShape(variable.shape, layout);
  return `${wanted}` === `${shape}` && wanted.length === shape.length ? [] : [{ name, wanted, got: shape }];
}

function assign({ variable, layout }: Param, { data, shape }: NdArray<TypedArray>): void {
  const float32 = data instanceof Float32Array ? data : Float32Array.from(data);
  const values = fromTorchLayout({ data: float32, shape }, layout);
  const tensor = tf.tensor(values.data, variable.shape, "float32");
  variable.assign(tensor);
  tensor.dispose();
}

function misfit({ missing, unexpected, mismatched }: LoadReport, count: number): LadError {
  const shapes = mismatched.map(({ name, wanted, got }) => `${name} (network [${wanted}], checkpoint [${got}])`);
  const parts = [
    some(shapes, "of another shape"),
    some(missing, "missing in the checkpoint"),
    some(unexpected, "unknown to the network"),
  ].filter((part) => part !== "");
  return new LadError(
    "CHECKPOINT_MISMATCH",
    `loadParams: the checkpoint does not fit the network of ${count} parameters: ${parts.join("; ")}. ` +
      "Build the network that the checkpoint was made with, or pass strict: false to load what fits",
  );
}

function some(items: readonly string[], what: string): string {
  if (items.length === 0) return "";
  const rest = items.length > 3 ? ` and ${items.length - 3} more` : "";
  return `${items.length} ${what}: ${items.slice(0, 3).join(", ")}${rest}`;
}
