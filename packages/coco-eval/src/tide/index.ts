export { diagnoseErrors } from "./diagnose-errors";
export {
  type TideAp,
  type TideDiagnosis,
  type TideError,
  type TideFix,
  type TideGtOutcome,
  type TideKind,
  type TideOptions,
  type TideOutcome,
  tideKinds,
} from "./tide-types";
