import { type CompareParamsOptions, compareParams, describeMisfit, loadParams } from "@lad/checkpoints";
import { LadError, type NdRecord } from "@lad/core";
import type { Params } from "@lad/tensor";

export type FitOptions = CompareParamsOptions & {
  /** Load what fits and say what does not, in place of an error. Default false. */
  readonly allowMismatch?: boolean;
  /** Told what does not fit, with `allowMismatch`. */
  readonly note?: (line: string) => void;
};

/**
 * Loads a record into a network.
 * @param source option and file, for messages
 * @throws {LadError} CHECKPOINT_MISMATCH listing every name that is missing, unknown or of another shape; also if nothing fits at all.
 */
export function fitWeights(
  params: Params,
  record: NdRecord,
  source: string,
  { allowMismatch = false, note = () => {}, ...options }: FitOptions = {},
): void {
  const report = compareParams(params, record, options);
  const misfit = describeMisfit(report);
  const unfit = report.missing.length + report.mismatched.length;
  const wanted = [...params.keys()].filter((name) => !options.ignore?.(name)).length;
  if (misfit.length > 0 && (!allowMismatch || unfit === wanted)) {
    const advice =
      unfit === wanted
        ? "Nothing of it fits: it is of another kind of network"
        : "Give weights of this very network, or --allow-mismatch to load what fits";
    throw new LadError(
      "CHECKPOINT_MISMATCH",
      `${source}: the weights do not fit the network of ${wanted} parameters:\n  ${misfit.join("\n  ")}\n${advice}`,
    );
  }
  for (const line of misfit) note(`warning: ${source}: ${line}`);
  loadParams(params, record, { ...options, strict: false });
}
