import { LadError, type NdArray, type NdRecord, type TypedArray } from "@lad/core";
import type { Param, Params } from "@lad/tensor";
import * as tf from "@tensorflow/tfjs-core";
import { type CompareParamsOptions, compareParams, type LoadReport } from "./compare-params";
import { describeMisfit } from "./describe-misfit";
import { fromTorchLayout } from "./torch-layout";

export type LoadParamsOptions = CompareParamsOptions & {
  /** Whether every parameter must be in the record with its shape, and nothing else. */
  readonly strict?: boolean;
};

/**
 * Loads a record in torch names and layout into a network's parameters; types other than float32 are converted. What fits is what
 * `compareParams` finds.
 * @throws {LadError} CHECKPOINT_MISMATCH if `strict` and anything does not fit; no parameter is touched then.
 */
export function loadParams(
  params: Params,
  record: NdRecord,
  { strict = true, prefix = "", ignore = () => false }: LoadParamsOptions = {},
): LoadReport {
  const report = compareParams(params, record, { prefix, ignore });
  const misfit = describeMisfit(report, { most: 3 });
  if (strict && misfit.length > 0) {
    throw new LadError(
      "CHECKPOINT_MISMATCH",
      `loadParams: the checkpoint does not fit the network of ${params.size} parameters: ${misfit.join("; ")}. ` +
        "Build the network that the checkpoint was made with, or pass strict: false to load what fits",
    );
  }
  const unfit = new Set([...report.missing, ...report.mismatched.map(({ name }) => name)]);
  for (const [name, param] of params)
    if (!ignore(name) && !unfit.has(name)) assign(param, record[prefix + name] as NdArray<TypedArray>);
  return report;
}

function assign({ variable, layout }: Param, { data, shape }: NdArray<TypedArray>): void {
  const float32 = data instanceof Float32Array ? data : Float32Array.from(data);
  const values = fromTorchLayout({ data: float32, shape }, layout);
  const tensor = tf.tensor(values.data, variable.shape, "float32");
  variable.assign(tensor);
  tensor.dispose();
}
